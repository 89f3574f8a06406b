"""How far a line may reach: along rays square to its baseline, to its neighbours on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

Floats: TypeAlias = npt.NDArray[np.float64]

_STEP = 10  # pixels between two rays
_CLEARANCE = 1.0  # pixels kept free before a neighbour


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """The limits of a line on both sides, one for each of K rays: (K, 2), x and y in pixels."""

    above: Floats
    below: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Obstacles:
    """Polylines that lines must not cross, with a tree to find those in a place."""

    lines: npt.NDArray[np.object_]
    starts: Floats
    ends: Floats
    owners: npt.NDArray[np.int64]
    tree: shapely.STRtree


def obstacles(polylines: Sequence[npt.ArrayLike]) -> Obstacles:
    """Return polylines, (N, 2) each, prepared for `surroundings`."""
    points = [np.asarray(line, float) for line in polylines]
    lines = np.array([shapely.LineString(line) for line in points], object)
    return Obstacles(
        lines,
        np.concatenate([line[:-1] for line in points]),
        np.concatenate([line[1:] for line in points]),
        np.repeat(np.arange(len(points)), [len(line) - 1 for line in points]),
        shapely.STRtree(lines),
    )


def direction(baseline: Floats) -> Floats:
    """Return the unit vector along which a baseline runs, its long pieces weighing more."""
    steps = np.diff(baseline, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    mean = (steps * lengths[:, None]).sum(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


def surroundings(
    baseline: Floats,
    towards: Floats,
    barriers: Obstacles,
    free: npt.NDArray[np.bool_],
    size: tuple[int, int],
) -> Surroundings:
    """Return how far a line may reach above and below its baseline on a page of `size`.

    `towards` is the baseline's direction; obstacles that are `free` do not count. An obstacle
    counts above if it meets the polygon between baseline and page border there, else below if it
    meets the one there. Each ray ends at its first obstacle on its side or at the border.
    """
    rays = _every(baseline, _STEP)
    up = np.array((towards[1], -towards[0]))
    sides = [_to_border(rays, heading, size) for heading in (up, -up)]
    met = [_met(rays, borders, barriers) & ~free for borders in sides]
    met[1] &= ~met[0]
    limits = [
        _stopped(rays, borders, barriers, on_side[barriers.owners])
        for borders, on_side in zip(sides, met, strict=True)
    ]
    return Surroundings(*(np.maximum(limit, 0).astype(np.int64).astype(float) for limit in limits))


def _every(baseline: Floats, step: float) -> Floats:
    """Return the points at every step along a polyline, its last point too."""
    lengths = np.linalg.norm(np.diff(baseline, axis=0), axis=1)
    along = np.concatenate(([0.0], np.cumsum(lengths)))
    places = np.append(np.arange(0, along[-1], step), along[-1])
    return np.stack([np.interp(places, along, axis) for axis in baseline.T], axis=1)


def _to_border(points: Floats, heading: Floats, size: tuple[int, int]) -> Floats:
    """Return where rays leave the page, in whole pixels."""
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(heading > 0, (np.array(size) - points) / heading, -points / heading)
    reach = np.nanmin(np.where(heading == 0, np.inf, far), axis=1)
    return np.asarray(np.trunc(points + heading * np.maximum(reach, 0)[:, None]))


def _met(rays: Floats, borders: Floats, barriers: Obstacles) -> npt.NDArray[np.bool_]:
    """Return which obstacles meet the polygon of a side.

    The polygon is crossed, both its sides running from left to right, as it is in kraken: what
    stands beside the line rather than above or below it does not count.
    """
    polygon = shapely.Polygon(np.concatenate((rays, borders)))
    near = barriers.tree.query(polygon)
    found = np.zeros(len(barriers.lines), bool)
    found[near[shapely.intersects(polygon, barriers.lines[near])]] = True
    return found


def _stopped(
    rays: Floats, borders: Floats, barriers: Obstacles, chosen: npt.NDArray[np.bool_]
) -> Floats:
    """Return where each ray comes within a pixel of an obstacle's piece, else of the border."""
    ways = borders - rays
    lengths = np.linalg.norm(ways, axis=1)
    headings = ways / np.maximum(lengths, 1e-9)[:, None]
    starts, ends = barriers.starts[chosen], barriers.ends[chosen]
    pieces = ends - starts
    sizes = np.linalg.norm(pieces, axis=1)
    units = pieces / np.maximum(sizes, 1e-9)[:, None]
    towards = starts[None] - rays[:, None]
    sine = np.abs(_cross(headings[:, None], units[None]))
    with np.errstate(divide="ignore", invalid="ignore"):
        across = _cross(headings[:, None], units[None])
        reach = _cross(towards, units[None]) / across
        place = _cross(towards, headings[:, None]) / across
        near = reach - _CLEARANCE / sine
    hit = (place >= -_CLEARANCE) & (place <= sizes + _CLEARANCE) & (reach >= 0)
    first = np.where(hit, near, np.inf).min(axis=1, initial=np.inf)
    free = np.maximum(np.minimum(first, lengths - _CLEARANCE), 0)
    return np.asarray(rays + headings * free[:, None])


def _cross(first: Floats, second: Floats) -> Floats:
    return np.asarray(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0])
