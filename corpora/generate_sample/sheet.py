"""A sheet: everything that is on a page before it is lit and photographed, and its geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from noise import Field, Size, smooth
from shapes import Points
from typeset import Bend, Written

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Zone:
    """A region of the page: its SegmOnto zone, frame (left, top, right, bottom) and lines."""

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
    gutter: float  # x of the fold
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
    browned: float = 0.34  # how far age and fingers have browned the edges
    margin: float = 26.0  # pixels of background around the paper
    skew: float = 0.0  # degrees, clockwise
    keystone: float = 0.0  # how much narrower the top is, as a share of the width


def camera(sheet: Sheet, rng: np.random.Generator) -> Bend:
    """Return how flat points come to lie in the photograph: curl, keystone, skew, in this order."""
    width, height = sheet.size
    angle = radians(sheet.skew)
    turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    centre = np.array([width / 2, height / 2])
    waves = [smooth(rng, sheet.size, 420.0) * np.float32(1.6) for _ in range(2)]

    def bend(points: Points) -> Points:
        moved = points + _sample(waves, points)
        nearness = np.exp(-np.abs(moved[:, 0] - sheet.gutter) / (0.045 * width))
        moved[:, 1] += nearness * (moved[:, 1] / height - 0.35) * 30
        shrink = 1 - sheet.keystone * (0.5 - moved[:, 1] / height)
        moved[:, 0] = (moved[:, 0] - width / 2) * shrink + width / 2
        turned: Points = (moved - centre) @ turn + centre
        return turned

    return bend


def trembling(sheet: Sheet, rng: np.random.Generator) -> Bend:
    """Return how a hand deforms its letters, no two alike: small smooth shifts of every point."""
    fields = [
        smooth(rng, sheet.size, 46.0) + smooth(rng, sheet.size, 17.0) * np.float32(0.42)
        for _ in range(2)
    ]
    return lambda points: points + _sample(fields, points)


def _sample(fields: Sequence[Field], points: Points) -> Points:
    height, width = fields[0].shape
    columns = np.rint(points[:, 0]).astype(int).clip(0, width - 1)
    rows = np.rint(points[:, 1]).astype(int).clip(0, height - 1)
    return np.stack([values[rows, columns] for values in fields], axis=1).astype(float)
