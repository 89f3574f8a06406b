"""The outlines of blobs of pixels, followed pixel by pixel."""

from __future__ import annotations

import functools
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Pixels: TypeAlias = npt.NDArray[np.int64]

# The eight neighbours clockwise from above, as (row, column).
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
_BELOW, _BELOW_LEFT, _LEFT = 4, 5, 6


def blobs(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """Return a map of the blobs of a mask, numbered from 1 from the top left; corners connect."""
    return np.asarray(ndimage.label(mask, np.ones((3, 3)))[0])


def outlines(labels: npt.NDArray[np.int32], smallest: int) -> dict[int, Pixels]:
    """Return by number the outline of each blob of at least `smallest` pixels (two or more).

    An outline is (K, 2), row and column of the pixels on the blob's outer border, clockwise from
    its first pixel in reading order, by Moore's neighbour tracing with Jacob's stopping criterion
    (Gonzalez and Woods, Digital Image Processing, 11.1); narrow places are passed twice.
    """
    width = labels.shape[1] + 2
    padded = np.pad(labels, 1)
    mask = padded.ravel() > 0
    around = [dy * width + dx for dy, dx in _AROUND]
    neighbours = np.zeros(mask.shape, np.uint8)
    for bit, offset in enumerate(around):
        neighbours |= np.roll(mask, -offset).astype(np.uint8) << bit
    sizes = np.bincount(padded.ravel())
    numbers, firsts = np.unique(padded.ravel(), return_index=True)
    seen = neighbours.tobytes()
    return {
        int(number): np.stack(np.divmod(_walk(seen, int(first), around), width), axis=1) - 1
        for number, first in zip(numbers, firsts, strict=True)
        if number > 0 and sizes[number] >= smallest
    }


def _walk(neighbours: bytes, start: int, around: list[int]) -> Pixels:
    """Return the flat positions along the outline that begins at `start`."""
    table = _turns()
    below = neighbours[start] & (1 << _BELOW | 1 << _BELOW_LEFT)
    behind = first_behind = _LEFT if below else _BELOW
    place, path = start, []
    while True:
        path.append(place)
        ahead = table[neighbours[place] << 3 | behind]
        place += around[ahead]
        # The last empty neighbour passed, as seen from the new place.
        behind = (ahead + (5 if ahead & 1 else 6)) & 7
        if place == start and behind == first_behind:
            return np.array(path)


@functools.cache
def _turns() -> bytes:
    """Return for each set of neighbours and each direction the next neighbour clockwise."""
    return bytes(
        next((d & 7 for d in range(behind, behind + 8) if here >> (d & 7) & 1), 0)
        for here in range(256)
        for behind in range(8)
    )
