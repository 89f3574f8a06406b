"""hOCR into Pages: the files of Tesseract, OCRmyPDF, kraken and our own, XHTML or HTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from lxml import etree

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Direction, Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.document.text import clean, direction, graphemes
from htr.errors import BadXml, UnsafeXml
from htr.formats import values
from htr.formats.ids import with_ids
from htr.formats.safe_xml import PathLike, parse
from htr.formats.words import aligned, plain_words
from htr.i18n import _

Value = TypeVar("Value")

_PAGE = "ocr_page"
_LINES = frozenset(
    {"ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"}
)
# The areas of a page, and what each is in SegmOnto where its class says so.
_AREAS: Mapping[str, str | None] = {
    "ocr_carea": None,
    "ocr_column": None,
    "ocrx_block": None,
    "ocr_table": "TableZone",
    "ocr_image": "GraphicZone",
    "ocr_photo": "GraphicZone",
    "ocr_linedrawing": "GraphicZone",
}
_LINE_KINDS = {"ocr_header": "HeadingLine"}
_PROPERTY = re.compile(r'(?<!\w)([A-Za-z_]\w*)\s+((?:"[^"]*"|[^;"])*)')
# A document type without declarations of its own: it names a grammar, which is never fetched.
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+html\b[^\[\]<>]*>", re.IGNORECASE)
_PROLOG = 4096


def read_hocr(data: bytes, *, path: PathLike | None = None) -> tuple[Page, ...]:
    """Return the pages of an hOCR file (1.0 to 1.2), XHTML or HTML, in order; in pixels.

    The customary DOCTYPE is passed over, and no entity but HTML's own is known. Raises UnsafeXml
    for a DOCTYPE that declares anything, and BadXml for a file without an `ocr_page`.
    """
    root = _root(data, path)
    etree.strip_elements(root, "{*}del", with_tail=False)  # readings that came second
    pages = [element for element in root.iter("{*}*") if _PAGE in _classes(element)]
    if not pages:
        raise BadXml(
            _("The file holds no page of hOCR."),
            path=path,
            hint=_("hOCR is HTML with an element of the class ocr_page: export it as hOCR again."),
        )
    digits = _digits(root)
    return tuple(_page(element, digits) for element in pages)


def _digits(root: etree._Element) -> int:
    """Return the power of ten that confidences are counted in: kraken has shares, all others %."""
    systems = (meta for meta in root.iter("{*}meta") if meta.get("name") == "ocr-system")
    return 0 if next(systems, root).get("content", "").startswith("kraken") else 2


def _root(data: bytes, path: PathLike | None) -> etree._Element:
    """Return the root of XHTML, or else of what a browser would make of the file."""
    try:
        return parse(_DOCTYPE.sub(b"", data[:_PROLOG], count=1) + data[_PROLOG:], path=path)
    except UnsafeXml:
        raise
    except BadXml as error:
        found: etree._Element | None = etree.fromstring(data, _html_parser(data))
        if found is None:  # there is nothing in it
            raise error
        return found


def _html_parser(data: bytes) -> etree.HTMLParser:
    try:
        data.decode()
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # as the file says
    return etree.HTMLParser(
        encoding=encoding, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _classes(element: etree._Element) -> list[str]:
    return element.get("class", "").split()


def _named(element: etree._Element, names: Collection[str]) -> str | None:
    """Return the first of an element's classes that is one of these names, or None."""
    return next((name for name in _classes(element) if name in names), None)


def _properties(element: etree._Element) -> dict[str, str]:
    """Return what an element's `title` says, by name; the quotes around a value are taken off."""
    found = _PROPERTY.findall(element.get("title", ""))
    return {name: value.strip().strip('"') for name, value in found}


def _page(element: etree._Element, digits: int) -> Page:
    said = _properties(element)
    box = _box(said)
    size = (0, 0) if box is None else (round(box.right), round(box.bottom))
    page = Page(
        id=element.get("id", ""),
        image=ImageRef(said.get("image", "").replace("\\", "/"), *size),
        regions=tuple(_regions(element, digits)),
        confidence=_confidence(said.get("x_wconf"), digits),
    )
    return with_ids(page)


def _regions(page: etree._Element, digits: int) -> Iterator[Region]:
    """Return the page's areas where they begin, and a region for each run of lines in none."""
    found: list[tuple[etree._Element | None, list[Line]]] = []
    places: dict[etree._Element, list[Line]] = {}
    for element in page.iterdescendants("{*}*"):
        if _named(element, _AREAS) is not None:
            places[element] = []
            found.append((element, places[element]))
        elif _named(element, _LINES) and _within(element, _LINES) is None:
            area = _within(element, _AREAS)
            if area is None and (not found or found[-1][0] is not None):
                found.append((None, []))
            lines = found[-1][1] if area is None else places[area]
            lines.append(_line(element, digits))
    for area, lines in found:
        yield Region("", lines=tuple(lines)) if area is None else _region(area, tuple(lines))


def _within(element: etree._Element, names: Collection[str]) -> etree._Element | None:
    """Return the nearest element around this one, on its page, that has one of these classes."""
    for around in element.iterancestors():
        if _PAGE in _classes(around):
            return None
        if _named(around, names) is not None:
            return around
    return None


def _region(element: etree._Element, lines: tuple[Line, ...]) -> Region:
    kind = element.get("data-region-type") or _AREAS[_named(element, _AREAS) or ""]
    return Region(element.get("id", ""), kind, _polygon(_properties(element)), lines)


def _line(element: etree._Element, digits: int) -> Line:
    said = _properties(element)
    line = Line(
        id=element.get("id", ""),
        baseline=_baseline(said.get("baseline"), _box(said)),
        polygon=_polygon(said),
        words=_words(element, digits),
        confidence=_confidence(said.get("x_wconf"), digits),
        kind=element.get("data-line-type") or _LINE_KINDS.get(_named(element, _LINES) or ""),
        corrected=element.get("data-corrected") is not None,
    )
    return replace(line, direction=_direction(element) or direction(line.text))


def _direction(element: etree._Element) -> Direction | None:
    said = (around.get("dir", "").lower() for around in (element, *element.iterancestors()))
    first = next((name for name in said if name in ("ltr", "rtl")), None)
    return "rtl" if first == "rtl" else "ltr" if first else None


def _baseline(text: str | None, box: Box | None) -> Baseline | None:
    """Return the straight line `slope height` from the box's bottom left corner, as two points.

    Polynomials of higher order, which no program is known to write, are not read.
    """
    found = [values.number(part) for part in (text or "").split()]
    if box is None or len(found) != 2 or found[0] is None or found[1] is None:
        return None
    left = box.bottom + found[1]
    return Baseline(((box.left, left), (box.right, left + found[0] * box.width)))


def _box(said: Mapping[str, str]) -> Box | None:
    corners = values.points(said.get("bbox"))
    return Box.around(corners) if len(corners) == 2 else None


def _polygon(said: Mapping[str, str]) -> Polygon | None:
    return values.polygon(values.points(said.get("poly"))) or values.box_polygon(_box(said))


def _confidence(text: str | None, digits: int) -> float | None:
    value = values.number(text)
    if text is None or value is None:
        return None
    # A text with an exponent may hold one that no Decimal can; its float has only sane ones.
    exact = Decimal(repr(value)) if "e" in text.lower() else Decimal(text)
    share = float(exact.scaleb(-digits))
    return share if 0 <= share <= 1 else None


def _words(line: etree._Element, digits: int) -> tuple[Word, ...]:
    words: list[Word] = []
    for part in _parts(line):
        if isinstance(part, str):
            _add_text(words, part)
            continue
        text = clean(_text(part))
        found = text.split()
        if len(found) == 1:
            _add(words, text, (_word(part, found[0], digits),))
        elif found:  # a box and a confidence of several words are none of theirs
            _add_text(words, text)
        else:  # kraken writes the white space between words as a word
            said = _properties(part)
            _end_word(words, Space(_box(said), _confidence(said.get("x_wconf"), digits)))
    return (*words[:-1], replace(words[-1], space=None)) if words else ()


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _parts(element: etree._Element) -> Iterator[str | etree._Element]:
    """Return the words in a line, and the texts between them, in order."""
    yield element.text or ""
    for child in element.iterchildren("{*}*"):
        if "ocrx_word" in _classes(child):
            yield child
        else:
            yield from _parts(child)
        yield child.tail or ""


def _add_text(words: list[Word], text: str) -> None:
    _add(words, text, plain_words(clean(text)))


def _add(words: list[Word], text: str, found: tuple[Word, ...]) -> None:
    """Append the words of a text, and the white space at its ends to the word that it follows."""
    if text[:1].isspace():
        _end_word(words, Space())
    words += found
    if text[-1:].isspace():
        _end_word(words, Space())


def _end_word(words: list[Word], space: Space) -> None:
    if words and words[-1].space is None:
        words[-1] = replace(words[-1], space=space)


def _word(element: etree._Element, text: str, digits: int) -> Word:
    said = _properties(element)
    glyphs = _cinfo(element, digits) or _characters(text, said, digits)
    confidence = _confidence(said.get("x_wconf"), digits)
    return Word(aligned(text, glyphs), _box(said), confidence)


def _cinfo(word: etree._Element, digits: int) -> list[Glyph]:
    """Return the glyphs that Tesseract writes as elements, where it is asked to."""
    found = [el for el in word.iterdescendants("{*}*") if "ocrx_cinfo" in _classes(el)]
    return [
        Glyph(
            _text(element).strip(),
            _box({"bbox": said.get("x_bboxes", "")}),
            confidence=_confidence(said.get("x_conf", said.get("x_confs")), digits),
        )
        for element, said in ((element, _properties(element)) for element in found)
    ]


def _characters(text: str, said: Mapping[str, str], digits: int) -> list[Glyph]:
    """Return the glyphs of `x_confs` and `x_bboxes`; a grapheme is as sure as its least sure."""
    clusters = graphemes(text)
    confidences = _by_cluster(
        [_confidence(part, digits) for part in said.get("x_confs", "").split()], clusters
    )
    corners = values.points(said.get("x_bboxes"))
    pairs = zip(corners[::2], corners[1::2], strict=False)
    boxes = _by_cluster([Box.around(pair) for pair in pairs], clusters)
    if not any((*confidences, *boxes)):
        return []
    return [
        Glyph(cluster, Box.union(box), confidence=_least(sure))
        for cluster, box, sure in zip(clusters, boxes, confidences, strict=True)
    ]


def _least(sure: Sequence[float | None]) -> float | None:
    known = [value for value in sure if value is not None]
    return min(known, default=None)


def _by_cluster(found: Sequence[Value], clusters: Sequence[str]) -> Sequence[Sequence[Value]]:
    """Return each grapheme's values, of one a code point or one a grapheme; else none for any."""
    if len(found) == len(clusters):
        return [(value,) for value in found]
    if len(found) != sum(map(len, clusters)):
        return [()] * len(clusters)
    rest = iter(found)
    return [tuple(islice(rest, len(cluster))) for cluster in clusters]
