"""Lines turned so that they run level, with the place of each word along them: pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, pi, radians, tan
from statistics import median

from htr.document.geometry import Box, Point
from htr.document.page import Line

# Above these, words each at their own height make readers tear the line apart.
_MOST_SKEW = tan(radians(1.5))
_MOST_SAG = 25.0  # pixels
_DEPTH = 0.25  # share of a line's height that lies below its baseline, where none is known
_TALL = 2.0  # a line's height by the width of its letters, where no outline tells it
_HYPHENS = "-¬\u00ad\u2010\u2011\u2e17"


@dataclass(frozen=True, slots=True)
class Span:
    """A word, or several without white space between them, with its extent along the line."""

    clusters: tuple[str, ...]
    left: float
    right: float
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Level:
    """A line turned so that it runs level: pixels, `down` from the turned page's top.

    `points` are its baseline's from left to right, `spans` its text in logical order.
    """

    points: tuple[Point, ...]
    spans: tuple[Span, ...]
    height: float
    turns: int
    rtl: bool

    @property
    def left(self) -> float:
        return min(span.left for span in self.spans)

    @property
    def right(self) -> float:
        return max(span.right for span in self.spans)

    @property
    def down(self) -> float:
        """The baseline's mean height."""
        width = self.points[-1][0] - self.points[0][0]
        if width <= 0:
            return sum(y for _x, y in self.points) / len(self.points)
        area = sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(self.points))
        return area / width

    def down_at(self, x: float) -> float:
        """The height of the baseline at a place along it, or at its nearer end."""
        if x <= self.points[0][0]:
            return self.points[0][1]
        for (x0, y0), (x1, y1) in pairwise(self.points):
            if x0 <= x < x1:
                return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        return self.points[-1][1]

    @property
    def straight(self) -> bool:
        """Whether words may lie each at its own height without readers tearing the line apart."""
        (x0, y0), (x1, y1) = self.points[0], self.points[-1]
        if x1 <= x0:
            return False
        slope = (y1 - y0) / (x1 - x0)
        sag = max(abs(y - y0 - slope * (x - x0)) for x, y in self.points)
        return abs(slope) <= _MOST_SKEW and sag <= _MOST_SAG


def level(line: Line) -> Level | None:
    """Return a line turned level; None where it has no text or nothing says where it is."""
    if not line.text or line.box is None:
        return None
    turns = _turns(line)
    box = _turned_box(line.box, turns)
    if line.baseline is None:
        y = box.bottom - _DEPTH * box.height
        points: tuple[Point, ...] = ((box.left, y), (box.right, y))
    else:
        points = tuple(sorted(turned(point, turns) for point in line.baseline.points))
    boxes = [_turned_box(word.box, turns) for word in line.words if word.box is not None]
    if len(boxes) == len(line.words):
        extents = [(box.left, box.right) for box in boxes]
    else:
        extents = _shared_out(line, points)
    height = median(box.height for box in boxes) if boxes else 0.0
    if not height and line.polygon is not None:
        height = box.height - abs(points[-1][1] - points[0][1])
    if height < 1:
        height = max(_TALL * (points[-1][0] - points[0][0]) / len(line.text), 1.0)
    return Level(points, _spans(line, extents), height, turns, line.direction == "rtl")


def _turns(line: Line) -> int:
    """Return the quarter turns clockwise of the direction in which a line is written, in 0..3."""
    if line.baseline is None:
        return 0
    (x0, y0), (x1, y1) = line.baseline.points[0], line.baseline.points[-1]
    turns = round(atan2(y1 - y0, x1 - x0) / (pi / 2)) % 4
    # A line is not upside down for being written from right to left.
    return 0 if line.direction == "rtl" and turns == 2 else turns


def turned(point: Point, turns: int) -> Point:
    """Return a point of a page turned anticlockwise by quarter turns about its top left."""
    x, y = point
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns % 4]


def _turned_box(box: Box, turns: int) -> Box:
    if turns == 0:
        return box
    corners = ((box.left, box.top), (box.right, box.bottom))
    return Box.around(turned(corner, turns) for corner in corners)


def _shared_out(line: Line, points: Sequence[Point]) -> list[tuple[float, float]]:
    """Return extents of words of unknown boxes: the baseline's, shared out by graphemes."""
    sizes = [len(word.glyphs) for word in line.words]
    steps = [size + (word.space is not None) for size, word in zip(sizes, line.words, strict=True)]
    starts = [sum(steps[:index]) for index in range(len(steps))]
    left, right = points[0][0], points[-1][0]
    unit = (right - left) / (starts[-1] + sizes[-1])
    if line.direction == "rtl":
        return [
            (right - (start + size) * unit, right - start * unit)
            for start, size in zip(starts, sizes, strict=True)
        ]
    return [
        (left + start * unit, left + (start + size) * unit)
        for start, size in zip(starts, sizes, strict=True)
    ]


def _spans(line: Line, extents: Sequence[tuple[float, float]]) -> tuple[Span, ...]:
    """Return the words with their extents, those without white space between them as one."""
    spans: list[Span] = []
    separate = True
    for word, (left, right) in zip(line.words, extents, strict=True):
        span = Span(tuple(glyph.text for glyph in word.glyphs), left, right, word.confidence)
        if separate:
            spans.append(span)
        else:
            spans[-1] = _joined(spans[-1], span)
        separate = word.space is not None
    spans[-1] = replace(spans[-1], clusters=_end(spans[-1].clusters))
    return tuple(spans)


def _joined(first: Span, second: Span) -> Span:
    known = [part.confidence for part in (first, second) if part.confidence is not None]
    return Span(
        first.clusters + second.clusters,
        min(first.left, second.left),
        max(first.right, second.right),
        min(known, default=None),
    )


def _end(clusters: tuple[str, ...]) -> tuple[str, ...]:
    """Return a line's last word, its hyphen as the one by which readers join split words."""
    if len(clusters) > 1 and clusters[-1] in _HYPHENS and clusters[-2][0].isalpha():
        return (*clusters[:-1], "-")
    return clusters
