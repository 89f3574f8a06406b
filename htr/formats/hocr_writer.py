"""A Page into hOCR 1.2, in the manner of Tesseract, so that OCRmyPDF and hocr-tools take it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Line, Page, Region, Word
from htr.document.text import direction
from htr.formats.ids import unique_ids, with_ids
from htr.formats.safe_xml import legal
from htr.formats.words import plain_words

_NAMESPACE = "http://www.w3.org/1999/xhtml"
_PREFIXES: Any = {None: _NAMESPACE}  # the stubs do not know that the default's prefix is None
_CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_lang ocrp_dir ocrp_poly"


def write_hocr(page: Page, *, system: str, number: int = 0, language: str | None = None) -> bytes:
    """Return a page as an hOCR file: XHTML in UTF-8, the same bytes for the same arguments.

    `system` names the program and its version, `number` is the page's place in its register from
    0, `language` a BCP 47 tag. hOCR counts in whole pixels from the image's corner, and in per
    cent: coordinates are rounded, negative ones become 0; a baseline is the straight line that
    fits it best, left out where it stands upright. `x_confs` and `x_bboxes` have a value a code
    point, and are there where all of a word's glyphs have theirs. A line of which no more than
    the text is known is one `ocrx_word`, since readers pass over words without a box; a line
    without an outline has the box around its baseline. Types of regions and lines, and
    corrections, are in `data-` attributes. Reading the file back gives an equal page otherwise,
    under the rules that `write_alto` states, but without steps, digest, what is known of spaces,
    glyphs' outlines, and directions up and down.
    """
    page = with_ids(page)
    html = etree.Element(f"{{{_NAMESPACE}}}html", nsmap=_PREFIXES)
    if language is not None:
        html.set("lang", legal(language))
    _add_head(html, page, system, language)
    body = _add(html, "body")
    title = [
        f'image "{page.image.name.replace(chr(34), "%22")}"',
        f"bbox 0 0 {page.image.width} {page.image.height}",
        f"ppageno {number}",
        *_confidence("x_wconf", page.confidence),
    ]
    element = _add(body, "div", {"class": "ocr_page", "id": page.id, "title": "; ".join(title)})
    ids = iter(_word_ids(page))
    for region in page.regions:
        _add_region(element, region, [[next(ids) for _ in line.words] for line in region.lines])
    return etree.tostring(html, xml_declaration=True, encoding="UTF-8", doctype="<!DOCTYPE html>")


def _word_ids(page: Page) -> list[str]:
    taken = {page.id, *(region.id for region in page.regions), *(line.id for line in page.lines)}
    wanted = [
        (f"{line.id}_w{place}", "")
        for line in page.lines
        for place in range(1, len(line.words) + 1)
    ]
    return unique_ids(wanted, taken)


def _add(
    parent: etree._Element, name: str, attributes: Mapping[str, str | None] | None = None
) -> etree._Element:
    """Append an element on a line of its own, with those attributes that are not None.

    It has a text, though but a line break: as HTML, an element that closes itself stays open.
    """
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    element.text = element.tail = "\n"
    for key, value in (attributes or {}).items():
        if value is not None:
            element.set(key, legal(value))
    return element


def _add_head(html: etree._Element, page: Page, system: str, language: str | None) -> None:
    head = _add(html, "head")
    facts = {
        "ocr-system": system,
        "ocr-capabilities": _CAPABILITIES,
        "ocr-number-of-pages": "1",
        "ocr-langs": language or "unknown",
    }
    kind = {"http-equiv": "Content-Type", "content": "text/html; charset=utf-8"}
    _add(head, "meta", kind).text = None
    for name, content in facts.items():
        _add(head, "meta", {"name": name, "content": content}).text = None
    _add(head, "title").text = legal(page.image.name or page.id)


def _add_region(page: etree._Element, region: Region, ids: list[list[str]]) -> None:
    box = region.polygon.box if region.polygon else None
    attributes = {
        "class": "ocr_carea",
        "id": region.id,
        "title": "; ".join((*_bbox(box), *_poly(region.polygon))) or None,
        "data-region-type": region.kind,
    }
    area = _add(page, "div", attributes)
    boxes = (_line_box(line) for line in region.lines)
    title = "; ".join(_bbox(Box.union(box for box in boxes if box is not None))) or None
    paragraph = _add(area, "p", {"class": "ocr_par", "title": title})
    for line, word_ids in zip(region.lines, ids, strict=True):
        _add_line(paragraph, line, word_ids)


def _line_box(line: Line) -> Box | None:
    return line.box or Box.union(word.box for word in line.words if word.box is not None)


def _add_line(paragraph: etree._Element, line: Line, ids: list[str]) -> None:
    box = _line_box(line)
    title = [
        *_bbox(box),
        *_poly(line.polygon),
        *(_baseline(line.baseline, box) if line.baseline and box else ()),
        *_confidence("x_wconf", line.confidence),
    ]
    attributes = {
        "class": "ocr_line",
        "id": line.id,
        "title": "; ".join(title) or None,
        "dir": line.direction if line.direction in ("ltr", "rtl") and _misleads(line) else None,
        "data-line-type": line.kind,
        "data-corrected": "person" if line.corrected else None,
    }
    element = _add(paragraph, "span", attributes)
    if not line.words:
        return
    element.text = None
    if line.words == plain_words(line.text):
        attributes = {"id": ids[0], "title": "; ".join(_bbox(box)) or None}
        _add_word(element, line.text, attributes)
        return
    for word, name in zip(line.words, ids, strict=True):
        attributes = {"id": name, "title": "; ".join(_word_title(word)) or None}
        span = _add_word(element, word.text, attributes)
        span.tail = "\n" if word.space is not None else None


def _misleads(line: Line) -> bool:
    """Whether a reader that takes the direction from the text, or `ltr`, would be wrong."""
    return line.direction != "ltr" or direction(line.text) != "ltr"


def _add_word(
    line: etree._Element, text: str, attributes: Mapping[str, str | None]
) -> etree._Element:
    span = _add(line, "span", {"class": "ocrx_word", **attributes})
    span.text = legal(text)
    span.tail = None
    return span


def _word_title(word: Word) -> list[str]:
    boxes, confidences = [], []
    for glyph in word.glyphs:
        box = glyph.box or (glyph.polygon.box if glyph.polygon else None)
        boxes += [None if box is None else _pixels(box)] * len(glyph.text)
        confidences += [_percent(glyph.confidence)] * len(glyph.text)
    return [
        *_bbox(word.box),
        *_confidence("x_wconf", word.confidence),
        *_series("x_confs", confidences),
        *_series("x_bboxes", boxes),
    ]


def _series(name: str, texts: list[str | None]) -> list[str]:
    known = [text for text in texts if text is not None]
    return [f"{name} {' '.join(known)}"] if len(known) == len(texts) > 0 else []


def _pixel(value: float) -> int:
    return max(0, round(value))


def _pixels(box: Box) -> str:
    return " ".join(str(_pixel(value)) for value in (box.left, box.top, box.right, box.bottom))


def _bbox(box: Box | None) -> list[str]:
    return [] if box is None else [f"bbox {_pixels(box)}"]


def _poly(polygon: Polygon | None) -> list[str]:
    if polygon is None:
        return []
    return [f"poly {' '.join(str(_pixel(value)) for point in polygon.points for value in point)}"]


def _baseline(baseline: Baseline, box: Box) -> list[str]:
    """Return slope and height of the line of least squares, from the box's bottom left corner.

    Readers take a slope without an exponent and a height in whole pixels.
    """
    xs, ys = zip(*baseline.points, strict=True)
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((each - x) ** 2 for each in xs)
    if not spread:
        return []
    slope = sum((across - x) * (down - y) for across, down in baseline.points) / spread
    height = round(y + slope * (_pixel(box.left) - x) - _pixel(box.bottom))
    return [f"baseline {slope:.4f} {height}"]


def _confidence(name: str, value: float | None) -> list[str]:
    text = _percent(value)
    return [] if text is None else [f"{name} {text}"]


def _percent(value: float | None) -> str | None:
    """Return a share as per cent, exactly: 0.29 as `29`, where floats have 28.999999999999996."""
    if value is None:
        return None
    text = format(Decimal(repr(float(value))).scaleb(2), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
