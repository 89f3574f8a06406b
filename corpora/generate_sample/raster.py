"""Vector shapes to coverage: 0..1 per pixel."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from noise import Field, Size, blur, grey
from PIL import Image, ImageDraw
from shapes import Points
from typeset import Mark

_FINE = 4  # drawn this many times larger, then averaged


def marks(size: Size, written: Iterable[Mark]) -> tuple[Field, Field]:
    """Return the coverage of all marks, and the ink's darkness around them."""
    width, height = size
    coverage = np.zeros((height, width), np.float32)
    darkness = np.ones((height, width), np.float32)
    for mark in written:
        left, top = np.floor(mark.points.min(0)).astype(int) - 1
        right, bottom = np.ceil(mark.points.max(0)).astype(int) + 2
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, width), min(bottom, height)
        if left < right and top < bottom:
            part = _glyph(mark.contours, (left, top), (right - left, bottom - top))
            window = coverage[top:bottom, left:right]
            np.maximum(window, part, out=window)
            darkness[top:bottom, left:right] = mark.ink
    return coverage, blur(darkness * 0.5, 5.0) * 2


def _glyph(contours: Iterable[Points], origin: tuple[int, int], size: Size) -> Field:
    """Fill contours by the non-zero rule: holes run against their outline."""
    fine = (size[0] * _FINE, size[1] * _FINE)
    winding = np.zeros((fine[1], fine[0]), np.int8)
    for contour in contours:
        x, y = contour.T
        clockwise = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) > 0
        image = Image.new("L", fine)
        outline = (contour - origin) * _FINE
        ImageDraw.Draw(image).polygon([(float(a), float(b)) for a, b in outline], fill=1)
        winding += np.asarray(image, dtype=np.int8) * (1 if clockwise else -1)
    filled = Image.fromarray((winding != 0).astype(np.uint8) * 255)
    return grey(filled.reduce(_FINE))


def polygon(size: Size, points: Points) -> Field:
    """Return the coverage of a filled polygon, edges hard."""
    image = Image.new("L", size)
    ImageDraw.Draw(image).polygon([(float(x), float(y)) for x, y in points], fill=255)
    return grey(image)


def polyline(size: Size, points: Points, width: float) -> Field:
    """Return the coverage of a line of some width."""
    fine = (size[0] * 2, size[1] * 2)
    image = Image.new("L", fine)
    path = [(float(x) * 2, float(y) * 2) for x, y in points]
    ImageDraw.Draw(image).line(path, fill=255, width=max(1, round(width * 2)), joint="curve")
    return grey(image.reduce(2))
