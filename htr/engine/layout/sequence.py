"""The reading order of lines: regions and lines outside them by columns, lines in regions likewise.

The partial order is Breuel's (High Performance Document Layout Analysis, 2003): of two lines that
share some width the upper one comes first; of two that stand side by side the left one does, unless
a third that spans the gap between them lies between or beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Boxes: TypeAlias = npt.NDArray[np.float64]  # (N, 4): left, top, right, bottom


def reading_order(
    boxes: Boxes, regions: Boxes, owners: Sequence[int | None], *, right_to_left: bool = False
) -> list[int]:
    """Return the N lines' indices in reading order.

    `boxes` are the lines' (N, 4), `regions` those of regions (M, 4): left, top, right, bottom in
    pixels. `owners` says for each line the region that it is in, if any. A region is read whole.
    Where the order leaves a choice, lines come as they are given: given from the foot of the page
    upwards, a column is read to its end before the next, which agrees best with people's order.
    A page from right to left is read as its mirror image from left to right.
    """
    if right_to_left:
        boxes, regions = (given[:, [2, 1, 0, 3]] * (-1, 1, -1, 1) for given in (boxes, regions))
    inside: dict[int, list[int]] = {}
    alone = []
    for line, owner in enumerate(owners):
        if owner is None:
            alone.append(line)
        else:
            inside.setdefault(owner, []).append(line)
    groups = [[line] for line in alone]
    for owner in sorted(inside):
        members = inside[owner]
        within = _sorted(_before(boxes[members]))
        groups.append([members[place] for place in within])
    outer = np.concatenate((boxes[alone], regions[sorted(inside)]))
    order = _sorted(_before(outer))
    return [line for place in order for line in groups[place]]


def _before(boxes: Boxes) -> npt.NDArray[np.bool_]:
    """Return (N, N): whether a box must come before another."""
    left, top, right, bottom = boxes.T
    over = (left[:, None] < right[None]) & (right[:, None] > left[None])
    before = over & (top[:, None] < top[None])
    beside = right[:, None] < left[None]
    highest, lowest = np.minimum.outer(top, top), np.maximum.outer(bottom, bottom)
    for third in range(len(boxes)):
        firsts = np.flatnonzero((left[third] < right) & (right < right[third]))
        seconds = np.flatnonzero((left[third] < left) & (left < right[third]))
        pairs = np.ix_(firsts, seconds)
        between = (bottom[third] >= highest[pairs]) & (top[third] <= lowest[pairs])
        beside[pairs] &= ~between
    return np.asarray(before | beside)


def _sorted(before: npt.NDArray[np.bool_]) -> list[int]:
    """Return the indices, each after all those that must come before it, else as they come.

    Where the order goes round in a circle, it is broken at the index that was come to first.
    """
    earlier = [np.flatnonzero(column).tolist() for column in before.T]
    seen = [False] * len(earlier)
    order: list[int] = []
    for first in range(len(earlier)):
        waiting = [] if seen[first] else [(first, iter(earlier[first]))]
        seen[first] = True
        while waiting:
            index, rest = waiting[-1]
            step = next((other for other in rest if not seen[other]), None)
            if step is None:
                order.append(index)
                waiting.pop()
            else:
                seen[step] = True
                waiting.append((step, iter(earlier[step])))
    return order
