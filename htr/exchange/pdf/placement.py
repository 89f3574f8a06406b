"""Where the words of a page lie as invisible text: pure geometry, pixels to points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from htr.document.page import Page
from htr.document.text import direction
from htr.exchange.pdf.levels import Level, Span, level, turned

Texts: TypeAlias = Literal["best", "reviewed"]

_SIZE = 0.67  # font size by line pitch: larger, and readers run lines into each other
_LEAST_GAP = 0.25  # of the font size: between words nearer than that, readers see no space
_MOST_GAP = 0.8  # of the font size: words farther apart, poppler takes for two columns
_MOST_SPREAD = 0.3  # of the font size: a line that rises or falls more, poppler tears apart
_HIGHEST = 1.25  # pitch by a line's own height, where the next line is far away
_LEAST_PITCH = 0.3  # of a line's height: what is nearer is written over the line, not below it


@dataclass(frozen=True, slots=True)
class Sheet:
    """A PDF page's size in points, and that in pixels of the image that ALTO describes."""

    width: float
    height: float
    pixels: tuple[int, int]

    @property
    def across(self) -> float:
        """Points by pixel, from left to right."""
        return self.width / self.pixels[0]

    @property
    def along(self) -> float:
        """Points by pixel, from top to bottom."""
        return self.height / self.pixels[1]


@dataclass(frozen=True, slots=True)
class Placed:
    """A word, or a space: in points, where its baseline starts (origin bottom left) and its way.

    From right to left that way is negative: so all readers find the letters of a Hebrew or Arabic
    word in logical order.
    """

    clusters: tuple[str, ...]
    x: float
    y: float
    way: float


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line's words and spaces in logical order, and its font size in points.

    `turns` counts the quarter turns clockwise by which the line is turned, in 0..3.
    """

    words: tuple[Placed, ...]
    size: float
    turns: int


def place(
    page: Page, sheet: Sheet, *, min_confidence: float = 0.0, text: Texts = "best"
) -> tuple[PlacedLine, ...]:
    """Return a page's lines of text as they lie on its PDF page, in reading order.

    Each word lies level at the height of its baseline's middle, if the line's skew is 1.5 degrees
    at most, its sag 25 pixels at most, and its words' heights differ by 0.3 of the font size at
    most; else the whole line lies at one mean height. Words of a line that are too near for readers
    to see a space are set apart, and those too far for poppler to see one line are lengthened.
    Lines that are nearer to upright are turned as a whole. Words whose confidence is known and
    below `min_confidence` are left out, and with `reviewed` so are lines that no person has
    corrected.
    A hyphen that splits a word at a line's end is written `-`, by which readers join it.
    """
    lines = (line for line in page.lines if text == "best" or line.corrected)
    levels = tuple(filter(None, map(level, lines)))
    pitches = zip(levels, _pitches(levels), strict=True)
    placed = (_placed(line, pitch, sheet, min_confidence) for line, pitch in pitches)
    return tuple(line for line in placed if line.words)


def _pitches(levels: Sequence[Level]) -> list[float]:
    """Return the distance in pixels to each line's nearest neighbour above or below it.

    Where that is farther away than the line's own height has it, by that height.
    """
    pitches = [_HIGHEST * line.height for line in levels]
    downs = [line.down for line in levels]
    order = sorted(range(len(levels)), key=downs.__getitem__)
    for place, upper in enumerate(order):
        for lower in order[place + 1 :]:
            distance = downs[lower] - downs[upper]
            if distance >= pitches[upper]:
                break
            if _neighbours(levels[upper], levels[lower], distance):
                pitches[upper] = distance
                pitches[lower] = min(pitches[lower], distance)
                break
    return pitches


def _neighbours(upper: Level, lower: Level, distance: float) -> bool:
    shared = min(upper.right, lower.right) - max(upper.left, lower.left)
    least = _LEAST_PITCH * min(upper.height, lower.height)
    return upper.turns == lower.turns and shared > 0 and distance > least


def _spaced(spans: Sequence[Span], least: float, most: float, *, rtl: bool) -> list[Span]:
    """Return a line's spans with a gap of `least` to `most` pixels wherever there is a space.

    Both neighbours of a narrow gap are shortened, by no more than half of what each has; those of
    a wide one are lengthened.
    """
    spaced = list(spans)
    for index in range(len(spaced) - 1):
        one, two = (index + 1, index) if rtl else (index, index + 1)
        before, after = spaced[one], spaced[two]
        gap = after.left - before.right
        lacking = (min(max(gap, least), most) - gap) / 2
        right = max(before.right - lacking, (before.left + before.right) / 2)
        left = min(after.left + lacking, (after.left + after.right) / 2)
        spaced[one] = replace(before, right=right)
        spaced[two] = replace(after, left=left)
    return spaced


def _placed(level: Level, pitch: float, sheet: Sheet, min_confidence: float) -> PlacedLine:
    size = _SIZE * pitch
    spans = _spaced(level.spans, _LEAST_GAP * size, _MOST_GAP * size, rtl=level.rtl)
    downs = [level.down_at((span.left + span.right) / 2) for span in spans]
    if not level.straight or max(downs) - min(downs) > _MOST_SPREAD * size:
        downs = [level.down] * len(spans)
    words: list[Placed] = []
    for span, after, down in zip(spans, [*spans[1:], None], downs, strict=True):
        if span.confidence is not None and span.confidence < min_confidence:
            continue
        ends = (span.right, span.left) if _is_rtl(span) else (span.left, span.right)
        words.append(_on_sheet(span.clusters, ends, down, level.turns, sheet))
        if after is not None:
            words.append(_on_sheet((" ",), _gap(span, after, level), down, level.turns, sheet))
    if words and words[-1].clusters == (" ",):  # what came after it was left out
        words.pop()
    height = sheet.across if level.turns % 2 else sheet.along
    return PlacedLine(tuple(words), size * height, level.turns)


def _is_rtl(span: Span) -> bool:
    # No letter before Hebrew's runs to the left, which spares most words a closer look.
    text = "".join(span.clusters)
    return max(text) >= "\u0590" and direction(text) == "rtl"


def _gap(span: Span, after: Span, level: Level) -> tuple[float, float]:
    if level.rtl:
        return span.left, min(span.left, after.right)
    return span.right, max(span.right, after.left)


def _on_sheet(
    clusters: tuple[str, ...], ends: tuple[float, float], down: float, turns: int, sheet: Sheet
) -> Placed:
    """Return text that runs level from one end to the other, in points of the upright page."""
    x, y = turned((ends[0], down), -turns)
    way = (ends[1] - ends[0]) * (sheet.along if turns % 2 else sheet.across)
    return Placed(clusters, x * sheet.across, sheet.height - y * sheet.along, way)
