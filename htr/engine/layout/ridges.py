"""Where lines run on a heatmap: the ridge filter of Sato et al. (1998), on the network's own grid.

The network answers for cells of about 4 x 4 pixels. Seen at full size its heatmap is constant on
each cell, so filtering along an axis is one banded matrix from cells to pixels, and the Hessian of
a whole page is a few small matrix products in place of ten long convolutions.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch

Cells: TypeAlias = npt.NDArray[np.int64]
Heat: TypeAlias = npt.NDArray[np.float32]

_SCALES = (1, 3, 5, 7, 9)  # widths of ridges in pixels: skimage.filters.sato's, as kraken uses it
_TRUNCATE = 6  # standard deviations after which a Gaussian counts as zero
_BLOCK = 128
# A ridge's curvature, times its squared scale, is at most 0.484 of its height: half the integral
# of a Gaussian's absolute second derivative, 4 / sqrt(2 pi e).
_GAIN = 0.484


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """What a block of pixels sees of the cells at one scale: four (pixels, cells) matrices.

    `smooth` is a Gaussian, `second` its second derivative; `sloped` is its first derivative, taken
    before smoothing, `steep` the same taken after it, which differs at the page's borders. `cells`
    are those seen.
    """

    cells: slice
    smooth: torch.Tensor
    sloped: torch.Tensor
    steep: torch.Tensor
    second: torch.Tensor


def cells_of(pixels: int, cells: int) -> Cells:
    """Return the cell in which each pixel lies: (pixels,), by `torch`'s nearest interpolation."""
    ratio = np.float32(cells / pixels)
    return np.minimum((np.arange(pixels) * ratio).astype(np.int64), cells - 1)


def ridges(heat: Heat, shape: tuple[int, int], threshold: float) -> npt.NDArray[np.bool_]:
    """Return which pixels of a page of `shape` (height, width) lie on a ridge of its heatmap.

    `heat` is (h, w) in 0..1. A pixel is on a ridge where, at some scale s, the heatmap's largest
    downward curvature times s squared is above `threshold`.
    """
    height, width = shape
    values = torch.from_numpy(heat)
    found = torch.zeros(shape, dtype=torch.bool)
    rows, columns = _bands(height, heat.shape[0]), _bands(width, heat.shape[1])
    for across, row in zip(_blocks(height), rows, strict=True):
        for along, column in zip(_blocks(width), columns, strict=True):
            if float(values[row[-1].cells, column[-1].cells].max()) * _GAIN > threshold:
                found[across, along] = _on_ridge(values, row, column, threshold)
    return found.numpy()


def _on_ridge(
    heat: torch.Tensor, rows: tuple[_Band, ...], columns: tuple[_Band, ...], threshold: float
) -> torch.Tensor:
    strongest = torch.zeros(())
    for scale, row, column in zip(_SCALES, rows, columns, strict=True):
        part = heat[row.cells, column.cells]
        down = row.second @ part @ column.smooth.T
        mixed = row.sloped @ part @ column.steep.T
        across = row.smooth @ part @ column.second.T
        mean = (down + across).mul_(-0.5)
        spread = torch.hypot(mixed, (down - across).mul_(0.5))
        strongest = torch.maximum(strongest, mean.add_(spread).mul_(scale**2))
    return strongest > threshold


def _blocks(pixels: int) -> list[slice]:
    return [slice(*ends) for ends in pairwise([*range(0, pixels, _BLOCK), pixels])]


@functools.lru_cache(maxsize=2)
def _bands(pixels: int, cells: int) -> tuple[tuple[_Band, ...], ...]:
    """Return for each block of an axis its band at each scale; pages of one size share them."""
    owners = cells_of(pixels, cells)
    borders = np.searchsorted(owners, np.arange(cells + 1))
    return tuple(
        tuple(_band(block, borders, pixels, scale) for scale in _SCALES)
        for block in _blocks(pixels)
    )


def _band(block: slice, borders: Cells, pixels: int, scale: int) -> _Band:
    """Return a block's band; each derivative is two passes of half the variance, as in skimage.

    Outside the page there is nothing, also between the passes.
    """
    sigma = scale / np.sqrt(2)
    radius = int(_TRUNCATE * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    smooth = np.exp(-(offsets**2) / (2 * sigma**2))
    smooth /= smooth.sum()
    slope = -offsets / sigma**2 * smooth
    between = np.arange(max(0, block.start - radius), min(pixels, block.stop + radius))
    first = int(np.searchsorted(borders, between[0] - radius, "right")) - 1
    last = int(np.searchsorted(borders, between[-1] + radius + 1, "left"))
    seen = slice(max(0, first), min(len(borders) - 1, last))
    edges = borders[seen.start : seen.stop + 1]
    inner = [_from_cells(kernel, between, edges) for kernel in (smooth, slope)]
    outer = [_from_pixels(kernel, block, between) for kernel in (smooth, slope)]
    return _Band(
        seen,
        smooth=_tensor(outer[0] @ inner[0]),
        sloped=_tensor(outer[0] @ inner[1]),
        steep=_tensor(outer[1] @ inner[0]),
        second=_tensor(outer[1] @ inner[1]),
    )


def _from_cells(kernel: npt.NDArray[np.float64], pixels: Cells, edges: Cells) -> Heat:
    """Return the weights with which each pixel's convolution sees each cell: (pixels, cells)."""
    radius = len(kernel) // 2
    sums = np.concatenate(([0.0], np.cumsum(kernel)))
    reached = np.clip(pixels[:, None] - edges[None] + radius + 1, 0, len(kernel))
    return np.asarray(-np.diff(sums[reached], axis=1), np.float32)


def _from_pixels(kernel: npt.NDArray[np.float64], block: slice, between: Cells) -> Heat:
    """Return the weights with which each pixel of a block sees those around it."""
    radius = len(kernel) // 2
    padded = np.concatenate(([0.0], kernel, [0.0]))
    apart = np.arange(block.start, block.stop)[:, None] - between[None]
    return np.asarray(padded[np.clip(apart + radius + 1, 0, len(kernel) + 1)], np.float32)


def _tensor(weights: Heat) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(weights, dtype=np.float32))
