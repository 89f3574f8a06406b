"""Which line of a page is which line of another transcription of the same page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from htr.document.geometry import Point
from htr.document.page import Line, Page

LinePair: TypeAlias = tuple[Line | None, Line | None]

_LEAST_SHARE = 0.25  # of the length that two lines cover together, the part that both cover
_SAMPLES = 5
_HEIGHT = 0.02  # a line's height by the page's, where no polygon tells it


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line runs, in pixels of the truth's image; `height` is None without a polygon."""

    baseline: tuple[Point, ...]
    middle: tuple[Point, ...]
    height: float | None


def match_lines(truth: Page, prediction: Page) -> tuple[LinePair, ...]:
    """Return (truth, prediction) pairs of lines: the truth's in order, then what is left over.

    Lines of the same id match first, provided that they lie in the same place or that one of them
    has no place: layouts number their lines alike by chance. The others match by place, the best
    overlap first, each line once. Two lines overlap where their baselines (the middles of their
    boxes, if one has no baseline) run side by side over a quarter at least of the length that they
    cover together, on average nearer than half the line's height. The overlap is that part of the
    length, less what the distance takes away. So of a line that was cut in two, the longer piece
    matches and the other counts as invented. A line that matches none is paired with None.

    The images may differ in scale. A line without a place and without a shared id matches none.
    """
    wanted, found = tuple(truth.lines), tuple(prediction.lines)
    overlaps = _overlaps(truth, prediction)
    matches = _by_id(wanted, found, overlaps)
    taken = set(matches.values())
    for first, second in sorted(overlaps, key=lambda pair: (-overlaps[pair], pair)):
        if first not in matches and second not in taken:
            matches[first] = second
            taken.add(second)
    left = (line for at, line in enumerate(found) if at not in taken)
    return (
        *((line, found[matches[at]] if at in matches else None) for at, line in enumerate(wanted)),
        *((None, line) for line in left),
    )


def _by_id(
    wanted: Sequence[Line], found: Sequence[Line], overlaps: dict[tuple[int, int], float]
) -> dict[int, int]:
    first, second = _unique_ids(wanted), _unique_ids(found)
    return {
        first[name]: second[name]
        for name in first.keys() & second.keys()
        if (first[name], second[name]) in overlaps
        or wanted[first[name]].box is None
        or found[second[name]].box is None
    }


def _unique_ids(lines: Sequence[Line]) -> dict[str, int]:
    counts = Counter(line.id for line in lines)
    return {line.id: at for at, line in enumerate(lines) if line.id and counts[line.id] == 1}


def _overlaps(truth: Page, prediction: Page) -> dict[tuple[int, int], float]:
    """Return the overlap, above 0 and up to 1, of each two lines that overlap, by their indexes."""
    wide, high = truth.image, prediction.image
    scale = (
        wide.width / high.width if wide.width and high.width else 1.0,
        wide.height / high.height if wide.height and high.height else 1.0,
    )
    found = [_place(line, scale) for line in prediction.lines]
    usual = _HEIGHT * truth.image.height
    overlaps = {}
    for first, line in enumerate(truth.lines):
        place = _place(line, (1.0, 1.0))
        for second, other in enumerate(found):
            if place and other and (value := _overlap(place, other, usual)) > 0:
                overlaps[first, second] = value
    return overlaps


def _place(line: Line, scale: tuple[float, float]) -> _Place | None:
    box = line.box
    if box is None:
        return None
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    if box.height > 2 * box.width:
        middle: tuple[Point, ...] = ((across, box.top), (across, box.bottom))
    else:
        middle = ((box.left, down), (box.right, down))
    outline = _scaled(line.polygon.points, scale) if line.polygon else ()
    baseline = _scaled(line.baseline.points, scale) if line.baseline else ()
    middle = _scaled(middle, scale)
    low, high = _extent(baseline or middle, _axis(baseline or middle))
    height = _area(outline) / (high - low) if outline and high > low else None
    return _Place(baseline, middle, height)


def _overlap(first: _Place, second: _Place, usual_height: float) -> float:
    bare = not (first.baseline and second.baseline)
    one, two = (first.middle, second.middle) if bare else (first.baseline, second.baseline)
    axis = _axis(one)
    (low, high), (other_low, other_high) = _extent(one, axis), _extent(two, axis)
    start, end = max(low, other_low), min(high, other_high)
    union = max(high, other_high) - min(low, other_low)
    if union <= 0 or (share := (end - start) / union) < _LEAST_SHARE:
        return 0.0
    samples = [start + (end - start) * (at + 0.5) / _SAMPLES for at in range(_SAMPLES)]
    distance = sum(abs(_across(one, axis, at) - _across(two, axis, at)) for at in samples)
    tolerance = (first.height or second.height or usual_height) / 2
    return share * (1 - distance / _SAMPLES / tolerance) if tolerance else 0.0


def _scaled(points: Sequence[Point], scale: tuple[float, float]) -> tuple[Point, ...]:
    return tuple((x * scale[0], y * scale[1]) for x, y in points)


def _axis(points: Sequence[Point]) -> int:
    """Return 0 where a line runs across the page, 1 where it runs up or down."""
    (left, right), (top, bottom) = _extent(points, 0), _extent(points, 1)
    return int(bottom - top > right - left)


def _extent(points: Sequence[Point], axis: int) -> tuple[float, float]:
    values = [point[axis] for point in points]
    return min(values), max(values)


def _across(points: Sequence[Point], axis: int, at: float) -> float:
    """Return where a polyline is on the other axis at a place between its ends on this one."""
    for start, end in pairwise(sorted(points, key=lambda point: point[axis])):
        if start[axis] <= at <= end[axis] and start[axis] < end[axis]:
            part = (at - start[axis]) / (end[axis] - start[axis])
            return start[1 - axis] + part * (end[1 - axis] - start[1 - axis])
    return points[0][1 - axis]


def _area(points: Sequence[Point]) -> float:
    """Return the area that an outline encloses, by the shoelace formula."""
    edges = zip(points, (*points[1:], points[0]), strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in edges)) / 2
