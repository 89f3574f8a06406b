"""How well layouts agree with each other and with the truth: lines, regions, reading order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median
from typing import Any, TypeAlias

import numpy as np
import shapely

from htr.document.page import Page, Region

Shape: TypeAlias = Any  # shapely's geometries have no types
Kinds: TypeAlias = "Mapping[str, Counts]"

ENOUGH = 0.5  # of the area that two shapes cover together, the part that both cover
_ALONE = 0.02  # of the page's height: the distance of lines where there is only one
_LINE, _ZONE = "DefaultLine", "MainZone"  # what has no kind


@dataclass(frozen=True, slots=True)
class Lines:
    """A layout's lines in reading order: baselines, and polygons, in the page's pixels."""

    baselines: tuple[Shape, ...]
    polygons: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Lines found by the truth's: shares in 0..1, and Kendall's tau of their order in -1..1."""

    precision: float
    recall: float
    tau: float | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many shapes were found, how many there are in truth, and how many of them agree."""

    found: int = 0
    true: int = 0
    agreed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.found + other.found, self.true + other.true, self.agreed + other.agreed)

    @property
    def precision(self) -> float | None:
        """The share of found shapes that are true, in 0..1; None where nothing was found."""
        return self.agreed / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of true shapes that were found, in 0..1; None where there are none."""
        return self.agreed / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where there is nothing to compare."""
        return 2 * self.agreed / (self.found + self.true) if self.found + self.true else None


@dataclass(frozen=True, slots=True)
class LayoutScores:
    """How lines and regions of some pages agree with the truth's.

    `lines` and `regions` count shapes that agree whatever their kind; by kind, those count that
    agree with a shape of the same kind.
    """

    lines: Counts = Counts()
    regions: Counts = Counts()
    line_kinds: Kinds = field(default_factory=dict)
    region_kinds: Kinds = field(default_factory=dict)

    def __add__(self, other: LayoutScores) -> LayoutScores:
        return LayoutScores(
            self.lines + other.lines,
            self.regions + other.regions,
            _added(self.line_kinds, other.line_kinds),
            _added(self.region_kinds, other.region_kinds),
        )


def compared(found: Sequence[Region], truth: Sequence[Region], height: int) -> LayoutScores:
    """Return how a layout agrees with the truth's on a page of that height in pixels.

    Lines agree as `likeness` has it, regions where the IoU of their polygons is above a half.
    What has no baseline, or no polygon, does not count; lines
    without a kind are `DefaultLine`s, regions `MainZone`s.
    """
    true_lines = _lines_by_kind(truth)
    reach = distance([shape for shapes in true_lines.values() for shape in shapes], height) / 2
    lines, line_kinds = _counted(
        *(
            {kind: _neighbourhoods(shapes, reach) for kind, shapes in kinds.items()}
            for kinds in (_lines_by_kind(found), true_lines)
        )
    )
    regions, region_kinds = _counted(_regions_by_kind(found), _regions_by_kind(truth))
    return LayoutScores(lines, regions, line_kinds, region_kinds)


def lines(baselines: Sequence[Any], polygons: Sequence[Any]) -> Lines:
    """Return lines from sequences of points (K, 2)."""
    return Lines(
        tuple(shapely.LineString(np.asarray(points, float)) for points in baselines),
        tuple(_area(points) for points in polygons),
    )


def truth_lines(page: Page) -> tuple[Shape, ...]:
    """Return the baselines of a page of ground truth in reading order."""
    known = [line.baseline.points for line in page.lines if line.baseline is not None]
    return tuple(shapely.LineString(points) for points in known)


def matches(ours: Sequence[Shape], theirs: Sequence[Shape]) -> list[tuple[int, int, float]]:
    """Return (our index, their index, IoU) of shapes that agree, best first, each shape once.

    IoU is the intersection's area over the union's; shapes agree where it is above a half.
    """
    if not ours or not theirs:
        return []
    mine, others = shapely.STRtree(list(theirs)).query(list(ours), predicate="intersects")
    overlaps = []
    for our, their in zip(mine.tolist(), others.tolist(), strict=True):
        both = ours[our].intersection(theirs[their]).area
        union = ours[our].area + theirs[their].area - both
        if both > ENOUGH * union:
            overlaps.append((our, their, both / union))
    overlaps.sort(key=lambda overlap: -overlap[2])
    taken: set[tuple[str, int]] = set()
    chosen = []
    for our, their, overlap in overlaps:
        if ("our", our) not in taken and ("their", their) not in taken:
            taken |= {("our", our), ("their", their)}
            chosen.append((our, their, overlap))
    return chosen


def likeness(found: Lines, truth: Sequence[Shape], height: int) -> Likeness:
    """Return how lines found on a page of that height in pixels agree with the truth's baselines.

    Baselines agree as `matches` has it for their neighbourhoods: half the distance of the truth's
    lines on either side, with flat ends.
    """
    reach = distance(truth, height) / 2
    pairs = matches(_neighbourhoods(found.baselines, reach), _neighbourhoods(truth, reach))
    return Likeness(
        len(pairs) / max(1, len(found.baselines)),
        len(pairs) / max(1, len(truth)),
        tau([their for _our, their, _iou in sorted(pairs)]),
    )


def distance(truth: Sequence[Shape], height: int) -> float:
    """Return the median over lines of how near the next one runs to a line's middle, in pixels."""
    nearest = [
        min(line.interpolate(0.5, normalized=True).distance(other) for other in others)
        for index, line in enumerate(truth)
        if (others := [*truth[:index], *truth[index + 1 :]])
    ]
    return max(1.0, median(nearest)) if nearest else _ALONE * height


def tau(order: Sequence[int]) -> float | None:
    """Return Kendall's tau (Biometrika 30, 1938) of numbers' order; None below two."""
    pairs = [1 if first < second else -1 for first, second in combinations(order, 2)]
    return sum(pairs) / len(pairs) if pairs else None


def _neighbourhoods(baselines: Sequence[Shape], reach: float) -> list[Shape]:
    return [line.buffer(reach, cap_style="flat") for line in baselines]


def _lines_by_kind(regions: Iterable[Region]) -> dict[str, list[Shape]]:
    found: dict[str, list[Shape]] = {}
    for line in (line for region in regions for line in region.lines):
        if line.baseline is not None:
            shape = shapely.LineString(line.baseline.points)
            found.setdefault(line.kind or _LINE, []).append(shape)
    return found


def _regions_by_kind(regions: Iterable[Region]) -> dict[str, list[Shape]]:
    found: dict[str, list[Shape]] = {}
    for region in regions:
        if region.polygon is not None:
            shape = _area(region.polygon.points)
            found.setdefault(region.kind or _ZONE, []).append(shape)
    return found


def _area(points: Any) -> Shape:
    return shapely.Polygon(np.asarray(points, float)).buffer(0)


def _counted(
    found: Mapping[str, list[Shape]], truth: Mapping[str, list[Shape]]
) -> tuple[Counts, dict[str, Counts]]:
    """Return the counts of shapes whatever their kind, and by kind."""
    kinds = {
        kind: _counts(found.get(kind, []), truth.get(kind, []))
        for kind in sorted(found.keys() | truth.keys())
    }
    return _counts(_all(found), _all(truth)), kinds


def _counts(found: Sequence[Shape], truth: Sequence[Shape]) -> Counts:
    return Counts(len(found), len(truth), len(matches(found, truth)))


def _all(shapes: Mapping[str, list[Shape]]) -> list[Shape]:
    return [shape for some in shapes.values() for shape in some]


def _added(ours: Kinds, theirs: Kinds) -> dict[str, Counts]:
    return {
        kind: ours.get(kind, Counts()) + theirs.get(kind, Counts())
        for kind in sorted(ours.keys() | theirs.keys())
    }
