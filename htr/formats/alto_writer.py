"""A Page into ALTO 4, in the manner of kraken and eScriptorium, so that both read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from lxml import etree

from htr.document.geometry import Box, Polygon
from htr.document.page import Glyph, Line, Page, Region, Word
from htr.document.text import direction
from htr.formats.alto_reader import CONFIDENCES, READING
from htr.formats.alto_steps import add_steps
from htr.formats.ids import unique_ids, with_ids
from htr.formats.safe_xml import legal
from htr.formats.values import extent_text, number_text, points_text

AltoVersion: TypeAlias = Literal["4.2", "4.3", "4.4"]

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-{}.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# The stubs do not know that the default namespace's prefix is None.
_PREFIXES: Any = {None: _NAMESPACE, "xsi": _XSI}
_OWN_PREFIXES: Any = {None: CONFIDENCES}
_TagIds: TypeAlias = Mapping[tuple[str, str | None], str]


def write_alto(page: Page, *, version: AltoVersion = "4.4") -> bytes:
    """Return a page as an ALTO file: UTF-8, indented, the same bytes for the same page.

    The file is valid against the schema of its version, and one whose lines all run from left to
    right is so against all three. Reading it back gives an equal page, if the page keeps the rules
    of the model: text in NFC, a glyph one grapheme of it without white space, no word empty and no
    space after a line's last one, coordinates finite, three different points in a polygon,
    confidences in 0..1, kinds not empty, IDs valid and unique, a step's date a form of ISO 8601
    that XML Schema has. Where it does not, IDs are mended, such dates left out, and characters
    that XML forbids written as U+FFFD. ALTO 4.2 cannot say in which direction a line runs; readers
    take it from the text.

    ALTO has no place for the confidences of lines and of spaces. They are in an `OtherTag` of type
    `confidence`, as `line` elements of the namespace urn:htr:confidence:1: `ref` is the line's ID,
    `value` its confidence, `spaces` that of each of its SP in order, `-` where unknown.

    A word's other readings are ALTERNATIVE elements of the purpose `reading`, likeliest first.
    """
    page = with_ids(page)
    root = etree.Element(f"{{{_NAMESPACE}}}alto", nsmap=_PREFIXES)
    location = _SCHEMA.format(version.replace(".", "-"))
    root.set(f"{{{_XSI}}}schemaLocation", f"{_NAMESPACE} {location}")
    root.set("SCHEMAVERSION", version)
    kinds = _kinds(page)
    names = iter(_names(page, kinds))
    _add_description(root, page, [next(names) for _step in page.steps])
    tag_ids = {kind: next(names) for kind in kinds}
    _add_tags(root, page, tag_ids, confidence_id=next(names))
    _add_layout(root, page, tag_ids, version)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _kinds(page: Page) -> list[tuple[str, str | None]]:
    """Return ("block" or "line", kind) for all kinds on the page, in order, each once."""
    blocks = [("block", region.kind) for region in page.regions]
    lines = [("line", line.kind) for line in page.lines]
    return [kind for kind in dict.fromkeys([*blocks, *lines]) if kind[1] is not None]


def _names(page: Page, kinds: list[tuple[str, str | None]]) -> list[str]:
    """Return the IDs of the steps, the kinds' tags and the confidences' tag, in this order."""
    taken = {page.id, *(region.id for region in page.regions), *(line.id for line in page.lines)}
    prefixes = {"block": "BT", "line": "LT"}
    wanted = [
        *(("", "step-") for _step in page.steps),
        *(("", prefixes[what]) for what, _kind in kinds),
        ("confidence", "confidence-"),
    ]
    return unique_ids(wanted, taken)


def _add(
    parent: etree._Element, name: str, attributes: Mapping[str, str | None] | None = None
) -> etree._Element:
    """Append an element of ALTO's namespace with those attributes that are not None."""
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    for key, value in (attributes or {}).items():
        if value is not None:
            element.set(key, legal(value))
    return element


def _add_description(root: etree._Element, page: Page, step_ids: list[str]) -> None:
    description = _add(root, "Description")
    _add(description, "MeasurementUnit").text = "pixel"
    source = _add(description, "sourceImageInformation")
    _add(source, "fileName").text = legal(page.image.name)
    if page.image.sha256 is not None:
        identifier = _add(source, "fileIdentifier", {"fileIdentifierLocation": "sha256"})
        identifier.text = page.image.sha256
    add_steps(description, page.steps, step_ids)


def _add_tags(root: etree._Element, page: Page, tag_ids: _TagIds, *, confidence_id: str) -> None:
    entries = list(_confidences(page))
    if not tag_ids and not entries:
        return
    tags = _add(root, "Tags")
    for (what, kind), name in tag_ids.items():
        # Without TYPE, as eScriptorium has it: under any other TYPE kraken's training misses it.
        attributes = {"ID": name, "LABEL": kind, "DESCRIPTION": f"{what} type {kind}"}
        _add(tags, "OtherTag", attributes)
    if entries:
        label = "line and space confidences"
        tag = _add(tags, "OtherTag", {"ID": confidence_id, "TYPE": "confidence", "LABEL": label})
        record = etree.SubElement(
            _add(tag, "XmlData"), f"{{{CONFIDENCES}}}confidences", nsmap=_OWN_PREFIXES
        )
        for entry in entries:
            etree.SubElement(record, f"{{{CONFIDENCES}}}line", entry)


def _confidences(page: Page) -> Iterator[dict[str, str]]:
    """Return the attributes of each line of which, or of whose spaces, a confidence is known."""
    for line in page.lines:
        spaces = [word.space.confidence for word in line.words[:-1] if word.space is not None]
        entry = {"ref": line.id}
        if line.confidence is not None:
            entry["value"] = number_text(line.confidence)
        if any(space is not None for space in spaces):
            entry["spaces"] = " ".join(_number(space) or "-" for space in spaces)
        if len(entry) > 1:
            yield entry


def _number(value: float | None) -> str | None:
    return None if value is None else number_text(value)


def _add_layout(root: etree._Element, page: Page, tag_ids: _TagIds, version: AltoVersion) -> None:
    size = {"WIDTH": str(page.image.width), "HEIGHT": str(page.image.height)}
    element = _add(
        _add(root, "Layout"),
        "Page",
        {"ID": page.id, "PHYSICAL_IMG_NR": "1", **size, "PC": _number(page.confidence)},
    )
    space = _add(element, "PrintSpace", {"HPOS": "0", "VPOS": "0", **size})
    for region in page.regions:
        block = _add_block(space, region, tag_ids)
        for line in region.lines:
            _add_line(block, line, tag_ids, version)


def _box(box: Box | None) -> dict[str, str]:
    if box is None:
        return {}
    return {
        "HPOS": number_text(box.left),
        "VPOS": number_text(box.top),
        "WIDTH": extent_text(box.left, box.right),
        "HEIGHT": extent_text(box.top, box.bottom),
    }


def _add_shape(element: etree._Element, polygon: Polygon | None) -> None:
    if polygon is not None:
        _add(_add(element, "Shape"), "Polygon", {"POINTS": points_text(polygon.points)})


def _add_block(space: etree._Element, region: Region, tag_ids: _TagIds) -> etree._Element:
    tag = tag_ids.get(("block", region.kind))
    box = region.polygon.box if region.polygon else None
    block = _add(space, "TextBlock", {"ID": region.id, "TAGREFS": tag, **_box(box)})
    _add_shape(block, region.polygon)
    return block


def _add_line(block: etree._Element, line: Line, tag_ids: _TagIds, version: AltoVersion) -> None:
    # Read from the text where it is not said, and so said wherever the text would mislead.
    runs_otherwise = line.direction != "ltr" or direction(line.text) != "ltr"
    attributes = {
        "ID": line.id,
        "TAGREFS": tag_ids.get(("line", line.kind)),
        "BASELINE": points_text(line.baseline.points) if line.baseline else None,
        **_box(line.box),
        "CS": "true" if line.corrected else None,
        "BASEDIRECTION": line.direction if runs_otherwise and version != "4.2" else None,
    }
    element = _add(block, "TextLine", attributes)
    _add_shape(element, line.polygon)
    if not line.words:  # the schema asks for one String at least
        _add(element, "String", {"CONTENT": ""})
    for place, word in enumerate(line.words, start=1):
        _add_word(element, word)
        if word.space is not None and place < len(line.words):
            _add(element, "SP", _box(word.space.box))


def _add_word(line: etree._Element, word: Word) -> None:
    attributes = {"CONTENT": word.text, **_box(word.box), "WC": _number(word.confidence)}
    string = _add(line, "String", attributes)
    for other in word.alternatives:
        _add(string, "ALTERNATIVE", {"PURPOSE": READING}).text = legal(other)
    if any(glyph.box or glyph.polygon or glyph.confidence is not None for glyph in word.glyphs):
        for glyph in word.glyphs:
            _add_glyph(string, glyph)


def _add_glyph(string: etree._Element, glyph: Glyph) -> None:
    # The schema has one code point here; String's CONTENT holds the marks that follow it.
    attributes = {
        "CONTENT": glyph.text[:1],
        **_box(glyph.box),
        "GC": _number(glyph.confidence),
    }
    _add_shape(_add(string, "Glyph", attributes), glyph.polygon)
