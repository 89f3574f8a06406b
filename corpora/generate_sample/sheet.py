"""A sheet: everything that is on a page before it is lit and photographed, and its geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from font import Points
from noise import Size, smooth
from typeset import Bend, Written

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Zone:
    """A region of the page: a SegmOnto zone, its rectangle (left, top, right, bottom), its lines."""

    kind: str
    frame: tuple[float, float, float, float]
    lines: tuple[Written, ...]


@dataclass(frozen=True)
class Rule:
    """A ruled line."""

    points: Points
    colour: Colour
    width: float  # pixels
    strength: float  # 0..1


@dataclass(frozen=True)
class Stain:
    """A spot on the paper: kind, centre and radius in pixels, strength 0..1."""

    kind: str  # "water" | "wax" | "ink"
    centre: tuple[float, float]
    radius: float
    strength: float = 1.0


@dataclass(frozen=True)
class Sheet:
    """One photograph: its name and size, what is on it, and how old it looks; flat pixels."""

    name: str
    size: Size
    seed: int
    zones: tuple[Zone, ...]
    rules: tuple[Rule, ...] = ()
    stains: tuple[Stain, ...] = ()
    paper: Colour = (233, 222, 196)
    ink: Colour = (52, 38, 30)
    ink_strength: float = 0.92
    weight: float = 1.0  # thickness of the strokes
    fading: float = 0.1  # how unevenly the ink has paled
    ghost: float = 0.05  # strength of what shows through from the other side
    foxing: int = 60  # brown spots
    margin: float = 26.0  # pixels of background around the paper
    gutter: float | None = None  # x of the fold
    skew: float = 0.0  # degrees, clockwise
    keystone: float = 0.0  # how much narrower the top is, as a share of the width


def rectangle(frame: tuple[float, float, float, float], step: float = 60.0) -> Points:
    """Return a rectangle's outline with a point every `step` pixels, so that it can bend."""
    left, top, right, bottom = frame
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=float)
    return stroke([*corners, corners[0]], step)[:-1]


def stroke(corners: Sequence[Sequence[float] | Points], step: float = 60.0) -> Points:
    """Return a polyline through the corners with a point every `step` pixels."""
    points = np.asarray(corners, dtype=float)
    pieces = []
    for start, end in zip(points[:-1], points[1:], strict=True):
        count = max(1, int(np.hypot(*(end - start)) / step))
        pieces.append(start + np.linspace(0, 1, count, endpoint=False)[:, None] * (end - start))
    return np.concatenate([*pieces, points[-1:]])


def camera(sheet: Sheet, rng: np.random.Generator) -> Bend:
    """Return how flat points come to lie in the photograph: curl, keystone, skew, in this order."""
    width, height = sheet.size
    angle = radians(sheet.skew)
    turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    centre = np.array([width / 2, height / 2])
    waves = [smooth(rng, sheet.size, 420.0) * 1.6 for _ in range(2)]

    def bend(points: Points) -> Points:
        moved = points + _sample(waves, points)
        if sheet.gutter is not None:
            nearness = np.exp(-np.abs(moved[:, 0] - sheet.gutter) / (0.045 * width))
            tilt = (moved[:, 1] / height - 0.35) * 30
            moved = moved + np.stack([0 * tilt, nearness * tilt], axis=1)
        shrink = 1 - sheet.keystone * (0.5 - moved[:, 1:] / height)
        moved = np.concatenate([(moved[:, :1] - width / 2) * shrink + width / 2, moved[:, 1:]], 1)
        return (moved - centre) @ turn + centre

    return bend


def trembling(sheet: Sheet, rng: np.random.Generator, strength: float = 1.0) -> Bend:
    """Return how a hand deforms its letters, no two alike: small smooth shifts of every point."""
    fields = [
        smooth(rng, sheet.size, 46.0) * 1.0 * strength + smooth(rng, sheet.size, 17.0) * 0.42 * strength
        for _ in range(2)
    ]
    return lambda points: points + _sample(fields, points)


def _sample(fields: Sequence[Points], points: Points) -> Points:
    height, width = fields[0].shape
    columns = np.rint(points[:, 0]).astype(int).clip(0, width - 1)
    rows = np.rint(points[:, 1]).astype(int).clip(0, height - 1)
    return np.stack([values[rows, columns] for values in fields], axis=1).astype(float)
