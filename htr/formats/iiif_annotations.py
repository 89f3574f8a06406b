"""The annotation pages of a canvas into regions and lines: Presentation 3 and 2, ours and others'.

What ours hold is said by `htr.formats.iiif_writer.write_annotations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from math import isfinite
from typing import Any
from urllib.parse import unquote

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Direction, ImageRef, Line, Page, Region, Space, Word
from htr.document.text import clean, direction
from htr.errors import BadManifest
from htr.formats.ids import with_ids
from htr.formats.iiif_json import Json, name_of, objects, parse_json, several, type_of
from htr.formats.iiif_svg import read_svg
from htr.formats.iiif_types import CONFIDENCE, Canvas
from htr.formats.safe_xml import PathLike
from htr.formats.values import box_polygon
from htr.formats.words import aligned, plain_words
from htr.i18n import _

_TRANSCRIBES = frozenset(("supplementing", "transcribing", "painting"))
# Which of the levels that a page holds side by side is read as its lines (Text Granularity 1.0).
_LEVELS = ("line", "", "paragraph", "block", "page", "word", "glyph")
_PLACE = r"(-?\d+(?:\.\d+)?)"
_FRAGMENT = re.compile(rf"xywh=(pixel:|percent:)?{_PLACE},{_PLACE},{_PLACE},{_PLACE}")
_DIRECTIONS: Mapping[str, Direction] = {"ltr": "ltr", "rtl": "rtl"}
_BREAKS = ("br", "p", "div", "li", "tr")


@dataclass(frozen=True, slots=True)
class _Note:
    """One annotation: its URI, its level, its text if it transcribes, its tag, where it lies."""

    name: str
    level: str
    text: str | None
    kind: str | None
    box: Box | None
    outline: Polygon | None
    baseline: Baseline | None
    confidence: float | None
    direction: Direction | None
    corrected: bool

    @property
    def region(self) -> str:
        """The URI of the region that our own annotations of lines begin with; empty for others."""
        return self.name.rpartition("/")[0] if "#" in self.name else ""

    @property
    def shape(self) -> Polygon | None:
        """The outline; the box's where no other shape is known."""
        return self.outline if self.outline or self.baseline else box_polygon(self.box)


def read_annotations(
    data: bytes, canvas: Canvas, *, path: PathLike | None = None
) -> tuple[Region, ...]:
    """Return the lines of an annotation page in regions, in the canvas's units, origin top left.

    Annotations that only comment are left out. Where a page holds several levels of text, its lines
    are read, with its words where they are ours; a text of several lines becomes a region of lines
    without a place. Raises BadManifest for anything that is not an annotation page (Presentation 3)
    or annotation list (Presentation 2).
    """
    root = parse_json(data, path=path)
    if type_of(root) not in ("AnnotationPage", "AnnotationList"):
        raise BadManifest(
            _("The file is JSON, but not an IIIF annotation page."),
            path=path,
            hint=_("Follow the addresses under `annotations` or `otherContent` of a canvas."),
        )
    notes = [_note(item, canvas) for item in objects(root.get("items", root.get("resources")))]
    levels = {note.level for note in notes if note.text is not None}
    level = next((known for known in _LEVELS if known in levels), "")
    words: dict[str, list[_Note]] = {}
    for note in notes:
        if note.level == "word" and note.text is not None:
            words.setdefault(note.name.rpartition("/")[0], []).append(note)
    regions: dict[str, Region] = {}
    for note in notes:
        if note.text is None and note.level == "block":
            regions[note.name] = replace(
                regions.get(note.name, Region(_fragment(note.name))),
                kind=note.kind,
                polygon=note.outline,
            )
        elif note.text is not None and note.level == level:
            key, lines = _lines(note, words.get(note.name, ()))
            region = regions.get(key, Region(_fragment(key)))
            if len(lines) > 1:
                region = replace(region, polygon=note.shape)
            regions[key] = replace(region, lines=region.lines + lines)
    return with_ids(Page("", ImageRef("", 0, 0), tuple(regions.values()))).regions


def _fragment(name: str) -> str:
    return unquote(name.rpartition("#")[2].rpartition("/")[2]) if "#" in name else ""


def _lines(note: _Note, words: Sequence[_Note]) -> tuple[str, tuple[Line, ...]]:
    """Return the key of a note's region, and its lines: mostly one."""
    text = note.text or ""
    rows = [row for row in text.splitlines() if row.strip()]
    if len(rows) > 1:
        found = tuple(Line("", words=plain_words(clean(row)), kind=note.kind) for row in rows)
        return note.name, tuple(replace(line, direction=direction(line.text)) for line in found)
    line = Line(
        id=_fragment(note.name),
        baseline=note.baseline,
        polygon=note.shape,
        words=_spaced(text, map(_word, words)) or plain_words(clean(text)),
        confidence=note.confidence,
        kind=note.kind,
        corrected=note.corrected,
    )
    return note.region, (replace(line, direction=note.direction or direction(line.text)),)


def _word(note: _Note) -> Word:
    return Word(aligned(clean(note.text or ""), ()), note.box, note.confidence)


def _spaced(text: str, words: Iterable[Word]) -> tuple[Word, ...] | None:
    """Return words with the spaces that a line's text has between them; None if it has others."""
    found: list[Word] = []
    rest = text.strip()
    for word in words:
        if not word.glyphs or not rest.startswith(word.text):
            return None
        rest = rest[len(word.text) :]
        found.append(replace(word, space=Space() if rest.startswith(" ") else None))
        rest = rest.lstrip(" ")
    return None if rest else tuple(found)


def _note(item: Json, canvas: Canvas) -> _Note:
    bodies = objects(item.get("body", item.get("resource")))
    motivations = {str(word).rpartition(":")[2] for word in several(item.get("motivation"))}
    tags = [body for body in bodies if "tagging" in several(body.get("purpose"))]
    texts = [body for body in bodies if body not in tags and _text(body) is not None]
    target = item.get("target", item.get("on"))
    box = next(filter(None, (_box(text, canvas) for text in _fragments(target))), None)
    outline, baseline = _svg(target)
    body: Mapping[str, Any] = texts[0] if texts else {}
    text = _text(body) if texts else item.get("bodyValue")
    is_text = motivations & _TRANSCRIBES and isinstance(text, str)
    return _Note(
        name=name_of(item),
        level=str(item.get("textGranularity") or ""),
        text=text if is_text else None,
        kind=next(filter(None, map(_text, tags)), None),
        box=box,
        outline=outline,
        baseline=baseline,
        confidence=_confidence(item.get(CONFIDENCE)),
        direction=_DIRECTIONS.get(str(body.get("textDirection"))),
        corrected=any(type_of(agent) == "Person" for agent in objects(item.get("creator"))),
    )


def _text(body: Mapping[str, Any]) -> str | None:
    found = body.get("value", body.get("chars", body.get("cnt:chars")))
    if not isinstance(found, str):
        return None
    return _without_tags(found) if "html" in str(body.get("format")) else found


class _Text(HTMLParser):
    """Collects the text of HTML, a line for each block or break."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _without_tags(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts).strip()


def _confidence(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1 else None


def _fragments(target: object) -> Iterator[str]:
    """Return the texts that may hold the target's `xywh`."""
    for part in several(target):
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            yield name_of(part)
            yield from map(name_of, several(part.get("source", part.get("full"))))
            yield from (str(selector.get("value", "")) for selector in _selectors(part))


def _selectors(target: Json) -> Iterator[Json]:
    for selector in objects(target.get("selector")):
        yield selector
        for choice in ("default", "item", "items"):
            yield from objects(selector.get(choice))


def _box(text: str, canvas: Canvas) -> Box | None:
    """Return the box of a spatial fragment (Media Fragments 1.0, section 4.2.2)."""
    match = _FRAGMENT.search(text)
    if match is None:
        return None
    numbers = [float(text) for text in match.groups()[1:]]
    if not all(map(isfinite, numbers)):
        return None
    x, y, width, height = numbers
    across = down = 1.0
    if match[1] == "percent:":
        if canvas.width is None or canvas.height is None:
            return None
        across, down = canvas.width / 100, canvas.height / 100
    return Box(x * across, y * down, (x + max(width, 0)) * across, (y + max(height, 0)) * down)


def _svg(target: object) -> tuple[Polygon | None, Baseline | None]:
    for part in objects(target):
        for selector in _selectors(part):
            if type_of(selector) == "SvgSelector":
                return read_svg(str(selector.get("value", selector.get("chars", ""))))
    return None, None
