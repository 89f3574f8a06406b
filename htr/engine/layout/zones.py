"""Regions from the network's heatmaps, and which region a line is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from htr.engine.layout.outlines import blobs, outlines
from htr.engine.layout.ridges import Heat, cells_of

Ring: TypeAlias = npt.NDArray[np.int64]

_THRESHOLD = 0.5
_SMOOTHING = 10  # pixels
_SMALLEST = 3  # pixels


def zones(heat: Heat, shape: tuple[int, int]) -> list[Ring]:
    """Return the outlines of the regions of one kind, (K, 2) each and closed, x and y in pixels.

    `heat` is (h, w) in 0..1, `shape` the page's (height, width).
    """
    rows, columns = (
        cells_of(pixels, cells) for pixels, cells in zip(shape, heat.shape, strict=True)
    )
    mask = (heat > _THRESHOLD)[np.ix_(rows, columns)]
    rings = [ring for ring in outlines(blobs(mask), _SMALLEST).values() if len(ring) > 2]
    areas = shapely.make_valid([shapely.Polygon(ring) for ring in rings])
    parts = shapely.get_parts(shapely.union_all(areas))
    outer = [shapely.get_exterior_ring(part) for part in parts if part.geom_type == "Polygon"]
    return [
        np.array(ring.coords).astype(int)[:, ::-1] for ring in shapely.simplify(outer, _SMOOTHING)
    ]


def owners(lines: Sequence[npt.ArrayLike], regions: Sequence[npt.ArrayLike]) -> list[int | None]:
    """Return for each line the first region that holds the middle of its baseline, if any does."""
    if not lines:
        return []
    middles = shapely.line_interpolate_point(
        [shapely.LineString(line) for line in lines], 0.5, normalized=True
    )
    areas = np.array([shapely.Polygon(region) for region in regions], object)
    holds = shapely.contains(areas[None], middles[:, None]).astype(bool).reshape(len(lines), -1)
    return [int(row.argmax()) if row.any() else None for row in holds]
