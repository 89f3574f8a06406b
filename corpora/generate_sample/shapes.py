"""Polylines with points close enough that they bend smoothly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Points: TypeAlias = npt.NDArray[np.float64]  # (n, 2): x, y


def rectangle(frame: tuple[float, float, float, float], step: float = 60.0) -> Points:
    """Return a rectangle's outline with a point every `step` pixels, so that it can bend."""
    left, top, right, bottom = frame
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=float)
    return stroke([*corners, corners[0]], step)[:-1]


def stroke(corners: Sequence[Sequence[float] | Points], step: float = 60.0) -> Points:
    """Return a polyline through the corners with a point every `step` pixels."""
    points = np.asarray(corners, dtype=float)
    pieces = []
    for start, end in pairwise(points):
        count = max(1, int(np.hypot(*(end - start)) / step))
        pieces.append(start + np.linspace(0, 1, count, endpoint=False)[:, None] * (end - start))
    return np.concatenate([*pieces, points[-1:]])
