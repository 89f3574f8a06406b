"""The polygon of each line: between seams above and below, within the line's surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException

from htr.engine.layout.seams import Features, Side, seams
from htr.engine.layout.surroundings import (
    Floats,
    Surroundings,
    direction,
    obstacles,
    surroundings,
)
from htr.engine.layout.tracing import Points

Ring: TypeAlias = npt.NDArray[np.int64]

_OFFSET = 8  # pixels from the baseline on the letters' side where the seam beyond them may begin
_SMOOTHING = 5  # pixels by which a seam is simplified
_ROUNDING = 16  # pieces of a quarter circle
_MARGIN = _OFFSET // 2  # pixels by which a seam is moved away from the baseline


def polygons(
    ink: Features,
    baselines: Sequence[Points],
    regions: Sequence[npt.ArrayLike] = (),
    *,
    topline: bool = False,
) -> list[Ring | None]:
    """Return the polygon around each baseline, (K, 2) in pixels and closed; None for none.

    `ink` are the page's `features`, in whose pixels baselines and regions, (N, 2) each, are given.
    Lines do not reach over other baselines, nor out of the regions that hold their middle. With
    `topline`, baselines run along the top of the letters.
    """
    if not baselines:
        return []
    size = (ink.shape[1], ink.shape[0])
    barriers = obstacles([*baselines, *regions])
    free = _free(baselines, regions)
    lines = [np.asarray(line, float) for line in baselines]
    around = [
        surroundings(line, direction(line), barriers, alone, size)
        for line, alone in zip(lines, free, strict=True)
    ]
    sides: list[Side] = []
    places: list[int] = []
    for index, (line, limits) in enumerate(zip(lines, around, strict=True)):
        pair = _sides(line, limits, topline=topline)
        if pair is not None:
            places.append(index)
            sides.extend(pair)
    found = seams(ink, sides)
    rings: list[Ring | None] = [None] * len(lines)
    for number, index in enumerate(places):
        above, below = found[2 * number : 2 * number + 2]
        rings[index] = _ring(lines[index].astype(int), around[index], above, below)
    return rings


def _free(baselines: Sequence[Points], regions: Sequence[npt.ArrayLike]) -> npt.NDArray[np.bool_]:
    """Return (lines, obstacles): a line itself and the regions that do not hold its middle."""
    middles = shapely.line_interpolate_point(
        [shapely.LineString(line) for line in baselines], 0.5, normalized=True
    )
    areas = np.array([shapely.Polygon(region) for region in regions], object)
    outside = ~shapely.contains(areas[None], middles[:, None]).astype(bool)
    return np.concatenate((np.eye(len(baselines), dtype=bool), outside), axis=1)


def _sides(line: Floats, limits: Surroundings, *, topline: bool) -> tuple[Side, Side] | None:
    """Return what is above and below a line, the letters' side set off from the baseline."""
    offset = _OFFSET if topline else -_OFFSET
    moved = shapely.offset_curve(shapely.LineString(line), offset, quad_segs=_ROUNDING)
    if moved.geom_type != "LineString" or moved.is_empty:
        return None
    letters, plain = np.array(moved.coords).astype(int), line.astype(int)
    angle = float(np.arctan2(*direction(line)[::-1]))
    near = (plain, letters) if topline else (letters, plain)
    above, below = (
        Side(base.astype(float), np.concatenate((base, far[::-1])), angle)
        for base, far in zip(near, (limits.above, limits.below), strict=True)
    )
    return above, below


def _ring(line: Points, limits: Surroundings, above: Points, below: Points) -> Ring | None:
    """Return the ring between two seams where it is one piece; None where it is not."""
    if len(above) < 2 or len(below) < 2:
        return None
    try:
        upper, lower = _moved(above, -_MARGIN)[::-1], _moved(below, _MARGIN)
        area = shapely.Polygon((line[0], *upper, line[-1], *lower[::-1]))
        if not area.is_valid:
            area = shapely.Polygon((line[-1], *upper, line[0], *lower))
        if not area.is_valid:
            return None
        room = shapely.union_all(
            [
                shapely.Polygon(np.concatenate((line, far[::-1])))
                for far in (limits.above, limits.below)
            ]
        )
        outline = room.intersection(area).boundary
    except (GEOSException, ValueError):
        return None
    return np.array(outline.coords).astype(int) if outline.geom_type == "LineString" else None


def _moved(seam: Points, distance: float) -> Points:
    """Return a simplified seam, moved away from its line where that leaves it in one piece."""
    simple = shapely.simplify(shapely.LineString(seam), _SMOOTHING)
    moved = shapely.offset_curve(simple, distance, quad_segs=_ROUNDING)
    one_piece = moved.geom_type == "LineString" and not moved.is_empty
    return np.array((moved if one_piece else simple).coords).astype(int)
