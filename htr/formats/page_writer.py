"""A Page into PAGE XML, in the manner of Transkribus and kraken, so that both read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from lxml import etree

from htr.document.geometry import Box, Point, Polygon
from htr.document.page import Glyph, Line, Page, Region, Space, Word
from htr.document.text import direction
from htr.formats import page_custom
from htr.formats.ids import unique_ids, with_ids
from htr.formats.page_metadata import add_metadata
from htr.formats.page_reader import DIRECTIONS
from htr.formats.safe_xml import legal
from htr.formats.values import box_polygon, number_text
from htr.formats.words import plain_words

PageVersion: TypeAlias = Literal["2019", "2024"]

_NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/{}-07-15"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOWHERE = ((0.0, 0.0), (0.0, 0.0))
_READING_DIRECTIONS = {short: said for said, short in DIRECTIONS.items()}
# The values of TextTypeSimpleType; other kinds are in `custom`, where kraken and others find them.
_TEXT_TYPES = frozenset(
    {
        "paragraph",
        "heading",
        "caption",
        "header",
        "footer",
        "page-number",
        "drop-capital",
        "credit",
        "floating",
        "signature-mark",
        "catch-word",
        "marginalia",
        "footnote",
        "footnote-continued",
        "endnote",
        "TOC-entry",
        "list-label",
        "other",
    }
)
# The regions without lines that both versions have, by whose names our reader calls their kinds.
_REGIONS = frozenset(
    {
        "ImageRegion",
        "LineDrawingRegion",
        "GraphicRegion",
        "TableRegion",
        "ChartRegion",
        "MapRegion",
        "SeparatorRegion",
        "MathsRegion",
        "ChemRegion",
        "MusicRegion",
        "AdvertRegion",
        "NoiseRegion",
        "UnknownRegion",
        "CustomRegion",
    }
)
_Ids: TypeAlias = Iterator[str]


def write_page(page: Page, *, creator: str, created: str, version: PageVersion = "2019") -> bytes:
    """Return a page as a PAGE XML file: UTF-8, indented, the same bytes for the same arguments.

    `creator` names the program, `created` is an `xsd:dateTime` in UTC. Only what both versions of
    the schema have is used. PAGE counts in whole pixels from the image's corner: coordinates are
    rounded, negative ones become 0. It has one outline for a glyph and asks for one everywhere:
    where none is known stand two points, which no reader takes for an outline (of a region, the
    corners of what its lines cover; of a line, its baseline's ends). Reading the file back gives
    an equal page otherwise, under the rules that `write_alto` states.

    Spaces have no element: their confidences and boxes are in the `custom` of the word before, as
    `space {conf:0.9; points:1,2 3,4;}`; `corrected {by:person;}` is a line that a person has set.
    A word's other readings are further TextEquiv, whose indexes say which is likelier.
    """
    page = with_ids(page)
    namespace = _NAMESPACE.format(version)
    # The stubs do not know that the default namespace's prefix is None.
    prefixes: Any = {None: namespace, "xsi": _XSI}
    root = etree.Element(f"{{{namespace}}}PcGts", nsmap=prefixes)
    root.set(f"{{{_XSI}}}schemaLocation", f"{namespace} {namespace}/pagecontent.xsd")
    root.set("pcGtsId", page.id)
    add_metadata(root, page, creator=creator, created=created)
    element = _add(
        root,
        "Page",
        {
            "imageFilename": page.image.name,
            "imageWidth": str(page.image.width),
            "imageHeight": str(page.image.height),
            "conf": _number(page.confidence),
        },
    )
    ids = _ids(page)
    _add_order(element, page.regions, ids)
    for region in page.regions:
        _add_region(element, region, ids)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _ids(page: Page) -> _Ids:
    """Return IDs for the reading order, and for words and glyphs in the page's order."""
    taken = {page.id, *(region.id for region in page.regions), *(line.id for line in page.lines)}
    wanted = [("reading-order", "")]
    for line in page.lines:
        for place, word in enumerate(line.words, start=1):
            name = f"{line.id}_w{place}"
            wanted.append((name, ""))
            wanted += ((f"{name}_g{number}", "") for number in range(1, len(word.glyphs) + 1))
    return iter(unique_ids(wanted, taken))


def _add(
    parent: etree._Element, name: str, attributes: Mapping[str, str | None] | None = None
) -> etree._Element:
    """Append an element of the file's namespace with those attributes that are not None."""
    element = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    for key, value in (attributes or {}).items():
        if value is not None:
            element.set(key, legal(value))
    return element


def _number(value: float | None) -> str | None:
    return None if value is None else number_text(value)


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{max(0, round(x))},{max(0, round(y))}" for x, y in points)


def _add_coords(
    element: etree._Element, outline: Polygon | None, corners: tuple[Point, ...]
) -> None:
    _add(element, "Coords", {"points": _points(outline.points if outline else corners)})


def _corners(box: Box | None) -> tuple[Point, ...]:
    return _NOWHERE if box is None else ((box.left, box.top), (box.right, box.bottom))


def _add_order(element: etree._Element, regions: tuple[Region, ...], ids: _Ids) -> None:
    name = next(ids)
    if regions:
        group = _add(_add(element, "ReadingOrder"), "OrderedGroup", {"id": name})
        for index, region in enumerate(regions):
            attributes = {"index": str(index), "regionRef": region.id}
            _add(group, "RegionRefIndexed", attributes)


def _add_region(page: etree._Element, region: Region, ids: _Ids) -> None:
    name, kind, custom = "TextRegion", None, None
    if region.kind in _TEXT_TYPES:
        kind = region.kind
    elif region.kind in _REGIONS and not region.lines:
        name = region.kind
    elif region.kind is not None:
        custom = page_custom.text({"structure": {"type": region.kind}})
    element = _add(page, name, {"id": region.id, "type": kind, "custom": custom})
    covered = Box.union(line.box for line in region.lines if line.box is not None)
    _add_coords(element, region.polygon, _corners(covered))
    for line in region.lines:
        _add_line(element, line, ids)


def _add_line(region: etree._Element, line: Line, ids: _Ids) -> None:
    custom = {
        **({"structure": {"type": line.kind}} if line.kind is not None else {}),
        **({"corrected": {"by": "person"}} if line.corrected else {}),
    }
    # Read from the text where it is not said, and so said wherever the text would mislead.
    runs_otherwise = line.direction != "ltr" or direction(line.text) != "ltr"
    said = _READING_DIRECTIONS[line.direction] if runs_otherwise else None
    attributes = {"id": line.id, "custom": page_custom.text(custom), "readingDirection": said}
    element = _add(region, "TextLine", attributes)
    ends = (line.baseline.points[0], line.baseline.points[-1]) if line.baseline else _NOWHERE
    _add_coords(element, line.polygon, ends)
    if line.baseline is not None:
        _add(element, "Baseline", {"points": _points(line.baseline.points)})
    with_words = line.words != plain_words(line.text)
    for word in line.words:
        word_ids = [next(ids) for _ in range(len(word.glyphs) + 1)]
        if with_words:
            _add_word(element, word, word_ids)
    if line.words or line.confidence is not None:
        _add_text(element, line.text, line.confidence)


def _add_text(
    element: etree._Element, text: str, confidence: float | None, index: str | None = None
) -> None:
    equivalent = _add(element, "TextEquiv", {"index": index, "conf": _number(confidence)})
    _add(equivalent, "Unicode").text = legal(text)


def _add_word(line: etree._Element, word: Word, ids: list[str]) -> None:
    element = _add(line, "Word", {"id": ids[0], "custom": _space(word.space)})
    _add_coords(element, box_polygon(word.box), _corners(word.box))
    if any(glyph.box or glyph.polygon or glyph.confidence is not None for glyph in word.glyphs):
        for glyph, name in zip(word.glyphs, ids[1:], strict=True):
            _add_glyph(element, glyph, name)
    _add_text(element, word.text, word.confidence, "0" if word.alternatives else None)
    for index, other in enumerate(word.alternatives, start=1):
        _add_text(element, other, None, str(index))


def _space(space: Space | None) -> str | None:
    known = {}
    if space is not None and space.confidence is not None:
        known["conf"] = number_text(space.confidence)
    if space is not None and space.box is not None:
        known["points"] = _points(_corners(space.box))
    return page_custom.text({"space": known} if known else {})


def _add_glyph(word: etree._Element, glyph: Glyph, name: str) -> None:
    element = _add(word, "Glyph", {"id": name})
    _add_coords(element, glyph.polygon or box_polygon(glyph.box), _corners(glyph.box))
    _add_text(element, glyph.text, glyph.confidence)
