"""The truth about a sheet: what was written where, as an htr page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, pairwise

import numpy as np
from shapes import Points, rectangle
from sheet import Sheet, Zone
from typeset import Bend, Mark, Written

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Step, Word
from htr.document.text import clean

_REACH = 30.0  # pixels along the line over which its outline follows its letters
_AIR = 5.0  # pixels between letters and outline
_LEAST = (28.0, 9.0)  # pixels that an outline reaches above and below the baseline at least
_STEP = Step(
    kind="other",
    description="typeset ground truth",
    software="htr generate_sample",
    version="1",
)


def page(sheet: Sheet, zones: tuple[Zone, ...], bend: Bend, sha256: str) -> Page:
    """Return the page of zones whose lines are already bent; `bend` places their frames."""
    numbers = count(1)
    regions = tuple(
        Region(
            id=f"region_{index}",
            kind=zone.kind,
            polygon=_polygon(bend(rectangle(zone.frame, 350.0)), sheet),
            lines=tuple(_line(f"line_{next(numbers)}", line, sheet) for line in zone.lines),
        )
        for index, zone in enumerate(zones, 1)
    )
    image = ImageRef(f"{sheet.name}.jpg", *sheet.size, sha256)
    return Page(id=sheet.name, image=image, regions=regions, steps=(_STEP,))


def _line(name: str, written: Written, sheet: Sheet) -> Line:
    boxes = [_box(np.concatenate([mark.points for mark in word]), sheet) for word in written.words]
    spaces: Iterator[Space | None] = (
        Space(
            Box(
                left.right,
                min(left.top, right.top),
                max(left.right, right.left),
                max(left.bottom, right.bottom),
            )
        )
        for left, right in pairwise(boxes)
    )
    words = tuple(
        Word(tuple(_glyph(mark, sheet) for mark in word), box, space=next(spaces, None))
        for word, box in zip(written.words, boxes, strict=True)
    )
    return Line(
        id=name,
        baseline=Baseline(_points(_thinned(written.baseline), sheet)),
        polygon=_polygon(_outline(written), sheet),
        words=words,
        kind=written.kind,
    )


def _glyph(mark: Mark, sheet: Sheet) -> Glyph:
    return Glyph(clean(mark.text), _box(mark.points, sheet))


def _outline(written: Written) -> Points:
    """Return an outline that follows the letters' tops from left to right and their feet back."""
    points = np.concatenate([mark.points for mark in written.marks])
    left, right = points[:, 0].min() - _AIR, points[:, 0].max() + _AIR
    stations = np.linspace(left, right, max(2, int((right - left) / _REACH) + 1))
    near = np.abs(points[:, :1] - stations) <= _REACH * 1.01  # no letter falls between stations
    base = np.interp(stations, *written.baseline.T)
    tops = np.where(near, points[:, 1:], np.inf).min(0) - _AIR
    feet = np.where(near, points[:, 1:], -np.inf).max(0) + _AIR
    tops, feet = np.minimum(tops, base - _LEAST[0]), np.maximum(feet, base + _LEAST[1])
    upper, lower = np.stack([stations, tops], 1), np.stack([stations, feet], 1)
    return np.concatenate([upper, lower[::-1]])


def _thinned(baseline: Points) -> Points:
    """Return a baseline without points that lie close upon each other."""
    kept = [baseline[0]]
    for point in baseline[1:-1]:
        if point[0] - kept[-1][0] >= _REACH and baseline[-1][0] - point[0] >= _REACH:
            kept.append(point)
    return np.array([*kept, baseline[-1]])


def _box(points: Points, sheet: Sheet) -> Box:
    (left, top), (right, bottom) = np.floor(points.min(0)), np.ceil(points.max(0))
    (left, top), (right, bottom) = _points(np.array([(left, top), (right, bottom)]), sheet)
    return Box(left, top, right, bottom)


def _polygon(points: Points, sheet: Sheet) -> Polygon:
    return Polygon(_points(points, sheet))


def _points(points: Points, sheet: Sheet) -> tuple[tuple[float, float], ...]:
    """Return whole pixels inside the image."""
    limits = np.array(sheet.size) - 1
    return tuple((float(x), float(y)) for x, y in np.rint(points).clip(0, limits))
