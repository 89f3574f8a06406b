"""How well layouts agree with each other and with the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Any, TypeAlias

import numpy as np
import shapely

from htr.document.page import Page

Shape: TypeAlias = Any  # shapely's geometries have no types

ENOUGH = 0.5  # of the area that two shapes cover together, the part that both cover
_ALONE = 0.02  # of the page's height: the distance of lines where there is only one


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


def lines(baselines: Sequence[Any], polygons: Sequence[Any]) -> Lines:
    """Return lines from sequences of points (K, 2)."""
    return Lines(
        tuple(shapely.LineString(np.asarray(points, float)) for points in baselines),
        tuple(shapely.Polygon(np.asarray(points, float)).buffer(0) for points in polygons),
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
