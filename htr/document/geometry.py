"""Points, boxes, polygons and baselines, in pixels with the origin at the page's top left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle: `left <= right`, `top <= bottom`; borders belong to it."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def intersection(self, other: Box) -> float:
        """Return the area in square pixels that this box shares with another."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    @staticmethod
    def around(points: Iterable[Point]) -> Box:
        """Return the smallest box that holds all points (one at least)."""
        xs, ys = zip(*points, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @staticmethod
    def union(boxes: Iterable[Box]) -> Box | None:
        """Return the smallest box that holds all boxes, or None if there is none."""
        corners = [
            corner for box in boxes for corner in ((box.left, box.top), (box.right, box.bottom))
        ]
        return Box.around(corners) if corners else None


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline of three points or more.

    The first point is repeated at the end where the source does so: recognisers cut lines out a
    little differently for it, so a layout that is kept is kept to the point.
    """

    points: tuple[Point, ...]

    @property
    def box(self) -> Box:
        return Box.around(self.points)

    @property
    def area(self) -> float:
        """The area that it encloses, in square pixels, by the shoelace formula."""
        edges = pairwise((*self.points, self.points[0]))
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in edges)) / 2


@dataclass(frozen=True, slots=True)
class Baseline:
    """The polyline of two points or more on which a line's letters stand, in writing order."""

    points: tuple[Point, ...]

    @property
    def box(self) -> Box:
        return Box.around(self.points)

    @property
    def length(self) -> float:
        """The polyline's length in pixels."""
        return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(self.points))
