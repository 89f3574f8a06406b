"""Seams: the paths of least ink along both sides of a line, found for many lines at once.

After Avidan and Shamir (Seam Carving for Content-Aware Image Resizing, 2007), as kraken uses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from scipy import ndimage

Floats: TypeAlias = npt.NDArray[np.float64]
Features: TypeAlias = npt.NDArray[np.float32]

_WIDEST = 600  # pixels to which longer lines are narrowed
_PULL = 150  # a pixel's distance from the baseline costs this part of the mean feature
_BLOCKED = np.float32(99999)
_BATCH = 2**21  # pixels of the strips that are gone through together


def features(grey: npt.NDArray[np.uint8]) -> Features:
    """Return where a page (H, W) has edges of ink: Sobel's gradient, slightly smoothed."""
    page = grey.astype(np.float32) / 255
    slopes = []
    for axis in (0, 1):
        steep = ndimage.correlate1d(page, (0.5, 0, -0.5), axis, mode="reflect")
        slopes.append(ndimage.correlate1d(steep, (0.25, 0.5, 0.25), 1 - axis, mode="reflect"))
    return np.asarray(ndimage.gaussian_filter(np.hypot(*slopes), 0.5))


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """One side of a line turned level: what each pixel costs, and the way back to the page.

    `costs` is (rows, columns); column c stands for x = c + `first` in the turned picture, which
    `turn` (2, 3) takes to the picture cut out of the page at `corner`; `closed` are that picture's
    pixels that no seam may use.
    """

    costs: Features
    first: int
    turn: Floats
    corner: npt.NDArray[np.int64]
    closed: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The part of a page on one side of a baseline: polylines of whole pixels, x and y."""

    baseline: Floats
    polygon: Floats
    angle: float


def seams(ink: Features, sides: Sequence[Side]) -> list[npt.NDArray[np.int64]]:
    """Return the seam through each side, (K, 2) in pixels; empty where no path is left.

    `ink` is what `features` gives. A seam keeps within one standard deviation of its mean height.
    """
    strips = {index: _strip(ink, side) for index, side in enumerate(sides) if _is_open(ink, side)}
    found: list[npt.NDArray[np.int64]] = [np.empty((0, 2), np.int64)] * len(sides)
    for batch in _batches({index: strip.costs.shape for index, strip in strips.items()}):
        heights = _cheapest([strips[index].costs for index in batch])
        for index, height in zip(batch, heights, strict=True):
            found[index] = _on_page(strips[index], height)
    return found


def _is_open(ink: Features, side: Side) -> bool:
    """Return whether a side has any room on the page."""
    low, high = side.polygon.min(axis=0), side.polygon.max(axis=0)
    return bool((low >= 0).all() and (high > low).all() and (low < ink.shape[::-1]).all())


def _batches(shapes: dict[int, tuple[int, ...]]) -> Iterator[list[int]]:
    """Yield the strips' numbers in groups of like heights and bounded size."""
    batch: list[int] = []
    widest = 0
    for index in sorted(shapes, key=lambda index: shapes[index]):
        height, width = shapes[index]
        widest = max(widest, width)
        if batch and (len(batch) + 1) * height * widest > _BATCH:
            yield batch
            batch, widest = [], width
        batch.append(index)
    if batch:
        yield batch


def _strip(ink: Features, side: Side) -> _Strip:
    """Cut a side out of the page and turn it level."""
    low, high = side.polygon.min(axis=0).astype(int), side.polygon.max(axis=0).astype(int)
    patch = ink[low[1] : high[1] + 2, low[0] : high[0] + 2].copy()
    line, outline = side.baseline - low, side.polygon - low
    height, width = patch.shape
    closed = _outside(outline, (height, width))
    open_ink = patch[~closed]
    pull = (float(open_ink.mean()) if open_ink.size else float(_BLOCKED)) / _PULL
    patch[closed] = _BLOCKED
    patch += _distances(line, (height, width)) * np.float32(pull)
    scale = min(1.0, _WIDEST / max(1, high[0] - low[0]))
    turn, shape = _turn((height, width), side.angle, scale)
    back = np.linalg.inv(np.vstack((turn, (0, 0, 1))))
    ends = np.sort(np.rint(line[[0, -1]] @ back[0, :2] + back[0, 2]).astype(int))
    first, last = max(0, ends[0]), min(shape[1] - 1, ends[1])
    return _Strip(_turned(patch, turn, shape[0], first, last), first, turn, low, closed)


def _outside(polygon: Floats, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Return which pixels are more than two steps away from a polygon."""
    mask = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(mask).polygon([tuple(p) for p in polygon.astype(int).tolist()], fill=1, width=2)
    inside = np.pad(np.asarray(mask), 2)
    for _step in range(2):
        grown = inside.copy()
        grown[1:] |= inside[:-1]
        grown[:-1] |= inside[1:]
        grown[:, 1:] |= inside[:, :-1]
        grown[:, :-1] |= inside[:, 1:]
        inside = grown
    return ~inside[2:-2, 2:-2]


def _distances(line: Floats, shape: tuple[int, int]) -> npt.NDArray[np.int32]:
    """Return how far each pixel is from a polyline, in moves of a chess king."""
    free = Image.new("L", (shape[1], shape[0]), 1)
    ImageDraw.Draw(free).line([tuple(p) for p in line.astype(int).tolist()], fill=0)
    return np.asarray(ndimage.distance_transform_cdt(np.asarray(free)))


def _turn(shape: tuple[int, int], angle: float, scale: float) -> tuple[Floats, tuple[int, int]]:
    """Return the map (2, 3) from a levelled picture to the given one, and the former's shape."""
    cosine, sine = np.cos(angle), np.sin(angle)
    rotation = np.array(((cosine / scale, -sine), (sine / scale, cosine)))
    height, width = shape
    corners = np.array(((0, 0), (0, height - 1), (width - 1, height - 1), (width - 1, 0)))
    level = corners @ np.linalg.inv(rotation).T
    low, high = level.min(axis=0), level.max(axis=0)
    columns, rows = np.rint(high - low + 1).astype(int)
    return np.column_stack((rotation, rotation @ low)), (int(rows), int(columns))


def _turned(patch: Features, turn: Floats, rows: int, first: int, last: int) -> Features:
    """Return columns `first` to `last` of the levelled picture by its nearest pixels."""
    across, down = np.arange(first, last + 1), np.arange(rows)[:, None]
    x, y = (
        np.floor(row[0] * across + row[1] * down + (row[2] + 0.5)).astype(np.int32) for row in turn
    )
    missing = (x < 0) | (x >= patch.shape[1]) | (y < 0) | (y >= patch.shape[0])
    x[missing] = y[missing] = 0
    level: Features = patch[y, x]
    level[missing] = _BLOCKED
    return level


def _cheapest(pictures: list[Features]) -> list[npt.NDArray[np.int64]]:
    """Return for each picture the row of its cheapest path in every column.

    Paths go from the first column to the last, each step to one of the three nearest rows, the
    upper ones preferred. All pictures are gone through together, set flush right.
    """
    rows = max(picture.shape[0] for picture in pictures)
    columns = max(picture.shape[1] for picture in pictures)
    costs = np.full((columns, len(pictures), rows + 2), np.inf, np.float32)
    for number, picture in enumerate(pictures):
        height, width = picture.shape
        costs[: columns - width, number, 1 : height + 1] = 0
        costs[columns - width :, number, 1 : height + 1] = picture.T
    steps = np.zeros((columns, len(pictures), rows), np.int8)
    for column in range(1, columns):
        before = costs[column - 1]
        upper, level, lower = before[:, :-2], before[:, 1:-1], before[:, 2:]
        best = np.minimum(upper, level)
        step = steps[column]
        np.copyto(step, np.where(upper <= level, -1, 0))
        np.copyto(step, 1, where=lower < best)
        costs[column, :, 1:-1] += np.minimum(best, lower)
    path = np.empty((columns, len(pictures)), np.int64)
    numbers = np.arange(len(pictures))
    path[-1] = costs[-1, :, 1:-1].argmin(axis=1)
    for column in range(columns - 1, 0, -1):
        path[column - 1] = path[column] + steps[column, numbers, path[column]]
    return [path[columns - p.shape[1] :, number] for number, p in enumerate(pictures)]


def _on_page(strip: _Strip, heights: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return a path as points of the page, without those where the strip was closed."""
    mean, deviation = heights.mean(), heights.std()
    level = np.clip(heights, int(mean - deviation), int(mean + deviation))
    x = np.arange(len(level)) + strip.first
    points = (np.column_stack((x, level, np.ones(len(x)))) @ strip.turn.T).astype(np.int64)
    inside = ((points >= 0) & (points < strip.closed.shape[::-1])).all(axis=1)
    points = points[inside]
    return points[~strip.closed[points[:, 1], points[:, 0]]] + strip.corner
