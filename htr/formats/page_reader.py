"""PAGE XML, 2010 to 2024, into a Page: the files of Transkribus, eScriptorium, kraken and PRImA."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf

from lxml import etree

from htr.document.geometry import Baseline, Box, Point, Polygon
from htr.document.page import Direction, Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.document.text import clean, direction
from htr.errors import BadXml
from htr.formats import page_custom, values
from htr.formats.ids import with_ids
from htr.formats.page_metadata import sha256, steps
from htr.formats.safe_xml import PathLike, child, child_text, children, local_name
from htr.formats.values import confidence, number
from htr.formats.words import aligned, plain_words
from htr.i18n import _

DIRECTIONS: dict[str | None, Direction] = {
    "left-to-right": "ltr",
    "right-to-left": "rtl",
    "top-to-bottom": "ttb",
    "bottom-to-top": "btt",
}


def read_page(root: etree._Element, *, path: PathLike | None = None) -> Page:
    """Return the page of a PAGE file's root element; raises BadXml if it has none.

    Regions in regions come after the one that holds them.
    """
    element = child(root, "Page")
    if element is None:
        raise BadXml(
            _("The PAGE file describes no page."),
            path=path,
            hint=_("Copy or export the file again from where it came from."),
        )
    width, height = (
        round(number(element.get(name)) or 0.0) for name in ("imageWidth", "imageHeight")
    )
    metadata = child(root, "Metadata")
    page = Page(
        id=root.get("pcGtsId", ""),
        image=ImageRef(element.get("imageFilename", ""), width, height, sha256(metadata)),
        regions=tuple(_regions(element, _ranks(child(element, "ReadingOrder")))),
        confidence=confidence(element.get("conf")),
        steps=tuple(steps(metadata)),
    )
    return with_ids(page)


def _ranks(element: etree._Element | None) -> dict[str, int]:
    """Return each region's place in the page's ReadingOrder, its nested groups laid flat."""
    ranks: dict[str, int] = {}
    for name in _references(element):
        ranks.setdefault(name, len(ranks))
    return ranks


def _references(element: etree._Element | None) -> Iterator[str]:
    parts = [] if element is None else list(children(element, "*"))
    for part in sorted(parts, key=lambda part: _index(part.get("index"))):
        if name := part.get("regionRef"):
            yield name
        yield from _references(part)


def _index(text: str | None) -> float:
    place = number(text)
    return inf if place is None else place


def _regions(parent: etree._Element, ranks: dict[str, int]) -> Iterator[Region]:
    elements = [
        el
        for el in children(parent, "*")
        if local_name(el).endswith("Region") or local_name(el) == "TableCell"
    ]
    for element in _in_order(elements, ranks):
        yield _region(element)
        yield from _regions(element, ranks)


def _in_order(elements: Sequence[etree._Element], ranks: dict[str, int]) -> list[etree._Element]:
    """Return siblings by the page's ReadingOrder, else by Transkribus's index, else as they are."""

    def rank(element: etree._Element) -> float:
        return min((ranks.get(el.get("id", ""), inf) for el in element.iter("{*}*")), default=inf)

    if any(rank(element) < inf for element in elements):
        return sorted(elements, key=rank)
    return sorted(elements, key=_custom_index)


def _custom_index(element: etree._Element) -> float:
    return _index(_custom(element).get("readingOrder", {}).get("index"))


def _custom(element: etree._Element) -> dict[str, dict[str, str]]:
    return page_custom.groups(element.get("custom", ""))


def _kind(element: etree._Element) -> str | None:
    """Return the type in `custom`, which is freer than the schema's list, else that of the list."""
    custom = _custom(element)
    said = (custom.get(group, {}).get("type") for group in ("structure", "type"))
    return next(filter(None, said), None) or element.get("type") or None


def _region(element: etree._Element) -> Region:
    name = local_name(element)
    lines = sorted(children(element, "TextLine"), key=_custom_index)
    return Region(
        id=element.get("id", ""),
        kind=_kind(element) or (None if name == "TextRegion" else name),
        polygon=_polygon(element),
        lines=tuple(map(_line, lines)),
    )


def _points(element: etree._Element | None) -> tuple[Point, ...]:
    """Return the points of a Coords or Baseline: an attribute, or before 2013 Point elements."""
    if element is None:
        return ()
    pairs = (f"{point.get('x')},{point.get('y')}" for point in children(element, "Point"))
    return values.points(element.get("points") or " ".join(pairs))


def _polygon(element: etree._Element) -> Polygon | None:
    return values.polygon(_points(child(element, "Coords")))


def _line(element: etree._Element) -> Line:
    baseline = _points(child(element, "Baseline"))
    equivalent = _equivalent(element)
    line = Line(
        id=element.get("id", ""),
        baseline=Baseline(baseline) if len(baseline) > 1 else None,
        polygon=_polygon(element),
        words=_words(element, None if equivalent is None else _text(equivalent)),
        confidence=None if equivalent is None else confidence(equivalent.get("conf")),
        kind=_kind(element),
        corrected="corrected" in _custom(element),
    )
    return replace(line, direction=_direction(element) or direction(line.text))


def _direction(element: etree._Element) -> Direction | None:
    """Return the direction that the line, its region or its page says, the nearest first."""
    around = (element, *element.iterancestors())
    return next(filter(None, (DIRECTIONS.get(el.get("readingDirection")) for el in around)), None)


def _equivalent(element: etree._Element) -> etree._Element | None:
    """Return the TextEquiv of the lowest index, which PAGE says is the likeliest, or the first."""
    found = children(element, "TextEquiv")
    return min(found, key=lambda text: _index(text.get("index")), default=None)


def _text(equivalent: etree._Element | None) -> str:
    text = child_text(equivalent, "Unicode") or child_text(equivalent, "PlainText") or ""
    return " ".join(clean(text).split())


def _words(line: etree._Element, text: str | None) -> tuple[Word, ...]:
    """Return the Word elements as the line's text joins them; its bare words where they differ."""
    elements = list(children(line, "Word"))
    if text is None:
        text = " ".join(filter(None, map(_word_text, elements)))
    return _joined(text, map(_word, elements)) or plain_words(text)


def _joined(text: str, parts: Iterable[tuple[Word, Space]]) -> tuple[Word, ...] | None:
    words: list[Word] = []
    rest = text
    for word, space in parts:
        if not word.glyphs:  # kraken writes the white space between words as a Word
            if words and words[-1].space is not None:
                words[-1] = replace(words[-1], space=space)
            continue
        if " " in word.text or not rest.startswith(word.text):
            return None
        rest = rest[len(word.text) :]
        words.append(replace(word, space=space if rest.startswith(" ") else None))
        rest = rest.removeprefix(" ")
    return None if rest else tuple(words)


def _word(element: etree._Element) -> tuple[Word, Space]:
    """Return a Word element as a word and the space after it; or as no word, but a space itself."""
    equivalent = _equivalent(element)
    outline = _polygon(element)
    box = None if outline is None else outline.box
    said = None if equivalent is None else confidence(equivalent.get("conf"))
    text = _word_text(element)
    if not text:
        return Word(()), Space(box, said)
    glyphs = [_glyph(part) for part in children(element, "Glyph")]
    word = Word(aligned(text, glyphs), box, said, None, _alternatives(element, equivalent))
    return word, _space(_custom(element).get("space", {}))


def _alternatives(word: etree._Element, best: etree._Element | None) -> tuple[str, ...]:
    """Return the other readings of a word, by their indexes."""
    others = (text for text in children(word, "TextEquiv") if text is not best)
    ranked = sorted(others, key=lambda text: _index(text.get("index")))
    return tuple(filter(None, map(_text, ranked)))


def _space(said: Mapping[str, str]) -> Space:
    """Return the space that our writer describes in the `custom` of the word before it."""
    corners = values.points(said.get("points"))
    return Space(Box.around(corners) if corners else None, confidence(said.get("conf")))


def _word_text(element: etree._Element) -> str:
    equivalent = _equivalent(element)
    if equivalent is not None:
        return _text(equivalent)
    return "".join(_text(_equivalent(glyph)) for glyph in children(element, "Glyph"))


def _glyph(element: etree._Element) -> Glyph:
    equivalent = _equivalent(element)
    outline = _polygon(element)
    return Glyph(
        text=_text(equivalent),
        box=None if outline is None else outline.box,
        # An upright rectangle says no more than the box.
        polygon=None if outline is None or outline == values.box_polygon(outline.box) else outline,
        confidence=None if equivalent is None else confidence(equivalent.get("conf")),
    )
