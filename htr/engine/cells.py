"""From places along a dewarped line strip back to quadrilaterals on the page."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

_SLACK = 1e-9  # of an edge, so that rounding loses no cut through a corner


def extent(baseline: Array, polygon: Array) -> tuple[float, float]:
    """Return from where to where the strip of a line reaches, in pixels along its baseline.

    `baseline` is (N, 2), `polygon` (M, 2), both x and y in pixels. Distances count from the first
    baseline point and are negative before it: the strip that is cut out of the page spans all of
    the polygon, each point of which is projected on its nearest baseline segment, the first and
    last segments going on without end.
    """
    steps = np.diff(baseline, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    starts = np.concatenate(([0.0], np.cumsum(lengths)[:-1]))
    along = np.einsum("kpm,km->kp", polygon[None] - baseline[:-1, None], steps / lengths[:, None])
    outside = np.maximum(-along, along - lengths[:, None])
    nearest = np.argmin(outside, axis=0)
    places = starts[nearest] + along[nearest, np.arange(len(polygon))]
    return float(places.min()), float(places.max())


def heights(baseline: Array, polygon: Array, places: Array) -> tuple[Array, Array]:
    """Return how far the polygon reaches above and below the baseline: two (K,), up positive.

    `places` are K distances along the baseline as in `extent`. Where a cut square to the baseline
    misses the polygon, the median of the line's other cuts is taken.
    """
    feet, upwards = _feet(baseline, places)
    far, crossed = _crossings(feet, upwards, polygon)
    above = np.where(crossed, far, -np.inf).max(axis=1)
    below = np.where(crossed, far, np.inf).min(axis=1)
    missed = ~crossed.any(axis=1)
    for reach in (above, below):
        reach[missed] = 0.0 if missed.all() else np.median(reach[~missed])
    return above, below


def quadrilaterals(baseline: Array, polygon: Array, borders: Array) -> Array:
    """Return the K outlines between K + 1 borders along a line: (K, 4, 2), from the top left on.

    Each is as high as the polygon in its middle, for a polygon's ends may taper to a point.
    """
    above, below = heights(baseline, polygon, (borders[:-1] + borders[1:]) / 2)
    feet, upwards = _feet(baseline, borders)
    left, right = slice(None, -1), slice(1, None)
    corners = ((left, above), (right, above), (right, below), (left, below))
    return np.stack(
        [feet[side] + height[:, None] * upwards[side] for side, height in corners], axis=1
    )


def _feet(baseline: Array, places: Array) -> tuple[Array, Array]:
    """Return the points at places along the baseline and the unit vectors upwards there."""
    steps = np.diff(baseline, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    ends = np.cumsum(lengths)
    segment = np.clip(np.searchsorted(ends, places), 0, len(steps) - 1)
    along = (steps / lengths[:, None])[segment]
    feet = baseline[segment] + (places - (ends - lengths)[segment])[:, None] * along
    return feet, np.stack((along[:, 1], -along[:, 0]), axis=1)


def _crossings(
    feet: Array, directions: Array, polygon: Array
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Return how far along each direction it crosses each polygon edge, and if so: two (K, M)."""
    edges = np.roll(polygon, -1, axis=0) - polygon
    turned = edges[:, ::-1].T * ((1.0,), (-1.0,))  # v @ turned is v's cross product with each edge
    across = directions @ turned
    with np.errstate(divide="ignore", invalid="ignore"):
        far = (_cross(polygon, edges) - feet @ turned) / across
        on_edge = (
            directions[:, ::-1] @ (polygon * (1.0, -1.0)).T - _cross(feet, directions)[:, None]
        ) / across
    return far, (on_edge >= -_SLACK) & (on_edge <= 1 + _SLACK)


def _cross(first: Array, second: Array) -> Array:
    return np.asarray(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0])


def cells(spikes: Array, start: float, end: float) -> Array:
    """Return the K + 1 borders of K letters whose places are known: halfway between neighbours.

    A network that is trained with CTC emits a letter as a short spike somewhere within it, so the
    spikes (K places, rising) say where letters are and not how wide. The first and last letters
    reach as far outwards as inwards, within `start` and `end`.
    """
    middles = (spikes[1:] + spikes[:-1]) / 2
    if len(spikes) == 1:
        return np.array([start, end])
    first = max(start, 2 * spikes[0] - middles[0])
    last = min(end, 2 * spikes[-1] - middles[-1])
    return np.concatenate(([first], middles, [last]))
