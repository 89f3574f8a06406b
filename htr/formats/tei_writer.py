"""Pages into one TEI P5 document: a facsimile with zones, and a text that points at them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from lxml import etree

from htr.document.description import Description
from htr.document.geometry import Point, Polygon
from htr.document.page import Line, Page, Region
from htr.document.text import is_split
from htr.formats.ids import unique_ids, with_ids
from htr.formats.safe_xml import legal
from htr.formats.values import number_text

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
_PREFIXES: Any = {None: _NAMESPACE}  # the stubs do not know that the default's prefix is None
_XML = "{http://www.w3.org/XML/1998/namespace}"
_VERSION = re.compile(r"\d+[a-z]*\d*(?:\.\d+[a-z]*\d*){0,3}")  # teidata.versionNumber
_UNCLEAR = (
    "Words that a machine read with a confidence below {} are unclear; cert is the probability "
    "that it gives to all their letters being right."
)


def write_tei(
    pages: Iterable[tuple[str, Page]],
    description: Description,
    *,
    software: str,
    version: str,
    date: str,
    unclear_below: float = 0.5,
) -> bytes:
    """Return (name, page) pairs as one TEI document: UTF-8, the same bytes for the same arguments.

    `software` in its `version` writes the file on a `date` (ISO 8601); the pages' own programs are
    named beside it.

    TEI P5 (4.x), modules header, core, textstructure and transcr. Each page is a `surface` in the
    `surfaceGrp`, with a `zone` for each region, and in it one for each line, with its baseline as
    a `path`; coordinates are pixels of the image. In the text each page begins with a `pb`, each
    region is an `ab`, each line begins with an `lb`, and `facs` points at surface and zones; an
    `lb` that goes on with a word is `break="no"`. A word whose confidence is below `unclear_below`
    is `unclear` with that `cert`, unless a person has corrected its line.
    """
    tei = etree.Element(f"{{{_NAMESPACE}}}TEI", nsmap=_PREFIXES)
    head = _add(tei, "teiHeader")
    surfaces = _add(_add(tei, "facsimile"), "surfaceGrp")
    text = _add(tei, "text", {f"{_XML}lang": description.language})
    division = _add(_add(text, "body"), "div")
    programs = {(software, version): None}
    for number, (name, page) in enumerate(pages, start=1):
        page = with_ids(page)
        _add_surface(surfaces, page, name, f"f{number}")
        _add_text(division, page, name, f"f{number}", unclear_below)
        programs |= {
            (step.software, step.version or ""): None for step in page.steps if step.software
        }
    _add_file(head, description, date)
    _add_encoding(head, unclear_below, list(programs))
    if description.language is not None:
        usage = _add(_add(head, "profileDesc"), "langUsage")
        _add(usage, "language", {"ident": description.language})
    return etree.tostring(tei, xml_declaration=True, encoding="UTF-8")


def _add(
    parent: etree._Element, name: str, attributes: Mapping[str, str | None] | None = None
) -> etree._Element:
    """Append an element on a line of its own, with those attributes that are not None."""
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    if parent.text is None:
        parent.text = "\n"
    element.tail = "\n"
    for key, value in (attributes or {}).items():
        if value is not None:
            element.set(key, legal(value))
    return element


def _add_file(head: etree._Element, description: Description, date: str) -> None:
    file = _add(head, "fileDesc")
    title = description.title or ""
    _say(_add(file, "titleStmt"), "title", title)
    publication = _add(file, "publicationStmt")
    _say(publication, "publisher", description.creator or "")  # the schema asks for one
    _add(publication, "date", {"when": date})
    licence = description.licence
    if licence is not None:
        link = licence if licence.startswith(("http://", "https://")) else description.licence_uri
        _say(_add(publication, "availability"), "licence", licence, {"target": link})
    source = _add(_add(file, "sourceDesc"), "bibl")
    _say(source, "title", title)
    if description.source is not None:
        _say(source, "idno", description.source)


def _add_encoding(
    head: etree._Element, unclear_below: float, programs: list[tuple[str, str]]
) -> None:
    encoding = _add(head, "encodingDesc")
    rule = _UNCLEAR.format(number_text(unclear_below))
    _say(_add(encoding, "editorialDecl", {f"{_XML}lang": "en"}), "p", rule)
    _add_programs(_add(encoding, "appInfo"), programs)


def _add_programs(parent: etree._Element, programs: list[tuple[str, str]]) -> None:
    names = unique_ids((name, "application-") for name, _version in programs)
    for (name, version), ident in zip(programs, names, strict=True):
        number = _VERSION.match(version)  # the schema asks for one of this form
        attributes = {"ident": ident, "version": number[0] if number else "0"}
        _say(_add(parent, "application", attributes), "label", f"{name} {version}".strip())


def _say(
    parent: etree._Element,
    name: str,
    text: str,
    attributes: Mapping[str, str | None] | None = None,
) -> None:
    _add(parent, name, attributes).text = legal(text)


def _add_surface(surfaces: etree._Element, page: Page, name: str, prefix: str) -> None:
    width, height = page.image.width, page.image.height
    corners = {"ulx": "0", "uly": "0", "lrx": str(width), "lry": str(height)}
    surface = _add(surfaces, "surface", {f"{_XML}id": prefix, "n": name, **corners})
    if page.image.name:
        url = quote(page.image.name, errors="replace")
        _add(surface, "graphic", {"url": url, "width": f"{width}px", "height": f"{height}px"})
    for region in page.regions:
        zone = _add_zone(surface, prefix, region.id, region.kind, region.polygon)
        for line in region.lines:
            inner = _add_zone(zone, prefix, line.id, line.kind, line.polygon)
            # A closed line is no path (constraint pathmustnotbeclosed).
            if line.baseline and line.baseline.points[0] != line.baseline.points[-1]:
                points = _points(line.baseline.points)
                _add(inner, "path", {"type": "baseline", "points": points})


def _add_zone(
    parent: etree._Element, prefix: str, name: str, kind: str | None, polygon: Polygon | None
) -> etree._Element:
    attributes = {
        f"{_XML}id": f"{prefix}-{name}",
        "type": _word(kind),
        "points": None if polygon is None else _points(polygon.points),
    }
    return _add(parent, "zone", attributes)


def _word(kind: str | None) -> str | None:
    """Return a kind as `teidata.word` has it: without white space."""
    return None if kind is None else "_".join(kind.split())


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_decimal(x)},{_decimal(y)}" for x, y in points)


def _decimal(value: float) -> str:
    """Return a number without an exponent, as `teidata.point` has it."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _add_text(
    division: etree._Element, page: Page, name: str, prefix: str, unclear_below: float
) -> None:
    _add(division, "pb", {"n": name, "facs": f"#{prefix}"})
    for region in page.regions:
        attributes = {"type": _word(region.kind), "facs": f"#{prefix}-{region.id}"}
        _add_lines(_add(division, "ab", attributes), region, prefix, unclear_below)


def _add_lines(block: etree._Element, region: Region, prefix: str, unclear_below: float) -> None:
    before = ""
    for line in region.lines:
        goes_on = is_split(before, line.text)
        attributes = {
            "type": _word(line.kind),
            "facs": f"#{prefix}-{line.id}",
            "break": "no" if goes_on else None,
        }
        _add_words(block, _add(block, "lb", attributes), line, unclear_below)
        before = line.text


def _add_words(
    block: etree._Element, begin: etree._Element, line: Line, unclear_below: float
) -> None:
    """Append a line's words after the `lb` that begins it."""
    last, rest = begin, ""
    for word in line.words:
        space = "" if word.space is None else " "
        sure = word.confidence
        if sure is None or sure >= unclear_below or line.corrected:
            rest += word.text + space
            continue
        last.tail, rest = legal(rest), space
        last = _add(block, "unclear", {"cert": number_text(sure)})
        last.text = legal(word.text)
    last.tail = legal(rest.rstrip(" ")) + "\n"
