"""Characters become words, lines and pages with confidences: pure, no weights needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from htr.document import confidence
from htr.document.geometry import Box, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Step, Word
from htr.document.text import clean, direction, graphemes


def lines_with_text(
    regions: Sequence[Region],
    readings: Iterable[Sequence[Glyph]],
    rule: confidence.WordRule | None = None,
) -> tuple[Region, ...]:
    """Return regions whose lines hold what was read, one reading for each line in order.

    A line that a person has corrected keeps its text and consumes no reading. `rule` is that of the
    words' confidences (`htr.document.confidence.with_words`).
    """
    remaining = iter(readings)
    return tuple(
        replace(
            region,
            lines=tuple(
                line if line.corrected else line_with_text(line, next(remaining), rule)
                for line in region.lines
            ),
        )
        for region in regions
    )


def line_with_text(
    line: Line, reading: Sequence[Glyph], rule: confidence.WordRule | None = None
) -> Line:
    """Return the line with the words that a reading makes, in logical order, and confidences."""
    glyphs = merge(reading)
    words: list[Word] = []
    for blank, group in groupby(glyphs, key=lambda glyph: glyph.text.isspace()):
        if not blank:
            words.append(_word(tuple(group)))
        elif words:
            words[-1] = replace(words[-1], space=_space(tuple(group)))
    if words:
        words[-1] = replace(words[-1], space=None)
    text = "".join(glyph.text for glyph in glyphs)
    read = replace(line, words=tuple(words), direction=direction(text, line.direction))
    return confidence.with_words(replace(read, confidence=confidence.of_line(read)), rule)


def with_alternatives(
    regions: Sequence[Region], alternatives: Iterable[Sequence[tuple[str, ...]]]
) -> tuple[Region, ...]:
    """Return regions whose words have other readings, given for each line that was read in order.

    A line has one tuple of readings a word, or none at all.
    """
    remaining = iter(alternatives)
    return tuple(
        replace(
            region,
            lines=tuple(
                line if line.corrected else _with_alternatives(line, next(remaining))
                for line in region.lines
            ),
        )
        for region in regions
    )


def _with_alternatives(line: Line, alternatives: Sequence[tuple[str, ...]]) -> Line:
    if not alternatives:
        return line
    words = (
        replace(word, alternatives=tuple(map(clean, others)))
        for word, others in zip(line.words, alternatives, strict=True)
    )
    return replace(line, words=tuple(words))


def merge(reading: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """Return one glyph a grapheme, in NFC: marks that came on their own join their letter."""
    text = "".join(glyph.text for glyph in reading)
    owners = [index for index, glyph in enumerate(reading) for _character in glyph.text]
    merged: list[Glyph] = []
    start = 0
    for cluster in graphemes(text):
        parts = [reading[index] for index in dict.fromkeys(owners[start : start + len(cluster)])]
        start += len(cluster)
        merged.append(_joined(clean(cluster), parts))
    return tuple(merged)


def _joined(text: str, parts: Sequence[Glyph]) -> Glyph:
    box = Box.union(filter(None, map(_box, parts)))
    polygon = parts[0].polygon
    if len(parts) > 1 and box is not None:
        polygon = Polygon(
            (
                (box.left, box.top),
                (box.right, box.top),
                (box.right, box.bottom),
                (box.left, box.bottom),
            )
        )
    certainty = parts[0].confidence
    if len(parts) > 1:
        certainty = confidence.geometric_mean((part.confidence, 1.0) for part in parts)
    return Glyph(text, box, polygon, certainty)


def _box(glyph: Glyph) -> Box | None:
    return glyph.box if glyph.polygon is None else glyph.polygon.box


def _word(glyphs: tuple[Glyph, ...]) -> Word:
    return Word(glyphs, Box.union(filter(None, map(_box, glyphs))))


def _space(glyphs: tuple[Glyph, ...]) -> Space:
    return Space(
        Box.union(filter(None, map(_box, glyphs))),
        confidence.geometric_mean((glyph.confidence, 1.0) for glyph in glyphs),
    )


def page(name: str, image: ImageRef, regions: tuple[Region, ...], steps: tuple[Step, ...]) -> Page:
    """Return the page with its confidence."""
    lines = [line for region in regions for line in region.lines]
    return Page(name, image, regions, confidence.of_page(lines), steps)
