"""Lights and photographs a sheet: paper, ink, stains, shadows; a sheet in, an RGB image out."""

from __future__ import annotations

import numpy as np
import raster
from noise import Field, Size, blur, grey, ramp, smooth
from PIL import Image, ImageDraw
from shapes import rectangle, stroke
from sheet import Rule, Sheet, Stain
from typeset import Bend, Mark

_BROWN = np.array([0.70, 0.50, 0.29], np.float32)  # what ageing leaves of red, green and blue
_WAX = np.array([104, 40, 32], np.float32)  # sealing wax, dulled by dust
_CLOTH = np.array([58, 54, 50], np.float32)  # the table under the book


def photograph(
    sheet: Sheet, written: list[Mark], bend: Bend, rng: np.random.Generator
) -> Image.Image:
    """Return the picture of a sheet whose marks are already bent."""
    leaf = _leaf(sheet, bend, rng)
    coverage, darkness = raster.marks(sheet.size, written)
    image = _paper(sheet, leaf, rng)
    image *= _tint(_foxing(sheet, rng) * 0.45)
    image *= _tint(_ghost(sheet, coverage, leaf))
    washed = np.ones_like(leaf)
    for stain in sheet.stains:
        image, washed = _stained(image, washed, stain, sheet.size, rng)
    for rule in sheet.rules:
        image = _ruled(image, rule, sheet.size, bend, rng)
    alpha = _ink(sheet, coverage, darkness, rng) * washed * leaf
    image = image * (1 - alpha[..., None]) + np.array(sheet.ink, np.float32) * alpha[..., None]
    image *= _light(sheet, bend, rng)[..., None]
    weave = 1 + 0.05 * smooth(rng, sheet.size, 2.0) + 0.05 * smooth(rng, sheet.size, 260.0)
    cloth = _CLOTH * weave[..., None]
    image = image * leaf[..., None] + cloth * (1 - leaf[..., None])
    image += rng.normal(0, 1.1, image.shape).astype(np.float32)
    return Image.fromarray(image.clip(0, 255).astype(np.uint8))


def _tint(strength: Field) -> Field:
    return 1 - strength[..., None] * (1 - _BROWN)


def _leaf(sheet: Sheet, bend: Bend, rng: np.random.Generator) -> Field:
    """Return where the paper is: a rectangle with worn edges."""
    width, height = sheet.size
    edge = sheet.margin
    frame = (edge, edge, width - edge, height - edge)
    worn = rectangle(frame, 14.0)
    return blur(raster.polygon(sheet.size, bend(worn + rng.normal(0, 0.3, worn.shape))), 0.9)


def _paper(sheet: Sheet, leaf: Field, rng: np.random.Generator) -> Field:
    scales = ((430, 0.030), (140, 0.016), (38, 0.010), (9, 0.007), (2.2, 0.009))
    tone = 1 + sum((smooth(rng, sheet.size, scale) * part for scale, part in scales), leaf * 0)
    image = tone[..., None] * np.array(sheet.paper, np.float32)
    image *= 1 + (_fibres(sheet.size, rng)[..., None] - 0.5) * 0.10
    handled = 1 - blur(blur(leaf, 30.0), 60.0)  # fingers and air brown the edges first
    handled = ramp(handled + 0.07 * smooth(rng, sheet.size, 90.0), 0.02, 0.75)
    image *= _tint(handled * sheet.browned)
    return image.astype(np.float32)


def _fibres(size: Size, rng: np.random.Generator) -> Field:
    image = Image.new("L", size, 128)
    draw = ImageDraw.Draw(image)
    for _ in range(size[0] * size[1] // 450):
        x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        angle, length, bow = rng.uniform(0, 6.28), rng.uniform(5, 26), rng.normal(0, 0.5)
        path = [(x, y)]
        for step in range(3):
            x += float(np.cos(angle + bow * step)) * length / 3
            y += float(np.sin(angle + bow * step)) * length / 3
            path.append((x, y))
        draw.line(path, fill=int(rng.integers(60, 200)), width=1)
    return blur(grey(image), 0.7)


def _foxing(sheet: Sheet, rng: np.random.Generator) -> Field:
    """Return brown spots of mould and rust, mostly small."""
    width, height = sheet.size
    spots = np.zeros((height, width), np.float32)
    for _ in range(sheet.foxing):
        radius = min(26.0, 1.6 + float(rng.pareto(1.5)) * 2.0)
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        reach = int(radius * 3)
        left, right = max(0, int(x) - reach), min(width, int(x) + reach)
        top, bottom = max(0, int(y) - reach), min(height, int(y) + reach)
        rows, columns = np.mgrid[top:bottom, left:right]
        distance = np.hypot(columns - x, rows - y) / radius
        spots[top:bottom, left:right] += np.exp(-(distance**2)) * rng.uniform(0.1, 0.6)
    return (spots * (1 + 0.35 * smooth(rng, sheet.size, 5.0))).clip(0, 1)


def _ghost(sheet: Sheet, coverage: Field, leaf: Field) -> Field:
    """Return the other side's writing, mirrored and dim, which shows through thin paper."""
    mirrored = np.roll(coverage, (17, 9), axis=(0, 1))[:, ::-1]
    return blur(mirrored, 2.2) * sheet.ghost * 6 * leaf


def _stained(
    image: Field, washed: Field, stain: Stain, size: Size, rng: np.random.Generator
) -> tuple[Field, Field]:
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = np.hypot(columns - stain.centre[0], rows - stain.centre[1]) / stain.radius
    if stain.kind == "water":
        distance += 0.13 * smooth(rng, size, 120.0) + 0.035 * smooth(rng, size, 26.0)
        inside = 1 - ramp(distance, 0.985, 1.0)
        tide = np.exp(-((1 - distance).clip(0) / 0.035)) * inside
        tide += 0.5 * np.exp(-(((distance - 0.78) / 0.02) ** 2))
        strength = stain.strength * (0.16 * inside + 0.45 * tide)
        fainter = 1 - 0.30 * stain.strength * inside
        return image * _tint(strength.astype(np.float32)), (washed * fainter).astype(np.float32)
    distance += 0.06 * smooth(rng, size, stain.radius * 0.6)
    drop = 1 - ramp(distance, 0.92, 1.04)
    if stain.kind == "ink":
        return image * (1 - 0.8 * drop * stain.strength)[..., None], washed
    return _sealed(image, drop, distance, stain), (washed * (1 - drop)).astype(np.float32)


def _sealed(image: Field, drop: Field, distance: Field, stain: Stain) -> Field:
    """Return the image with a drop of sealing wax: thick, rounded, its grease around it."""
    height, width = distance.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    slope = ((columns - stain.centre[0]) + (rows - stain.centre[1])) / stain.radius * distance
    shade = 0.95 - 0.2 * slope.clip(-1.2, 1.2) - 0.2 * ramp(distance, 0.7, 1.0)
    grease = np.exp(-((distance / 1.25) ** 4)) * 0.22 * stain.strength
    alpha = (drop * 0.93)[..., None]
    lit = image * _tint(grease.astype(np.float32))
    waxed: Field = lit * (1 - alpha) + _WAX * shade[..., None] * alpha
    return waxed.astype(np.float32)


def _ruled(image: Field, rule: Rule, size: Size, bend: Bend, rng: np.random.Generator) -> Field:
    line = blur(raster.polyline(size, bend(rule.points), rule.width), 0.7)
    worn = (0.85 + 0.16 * smooth(rng, size, 14.0) + 0.1 * smooth(rng, size, 3.0)).clip(0.2, 1)
    alpha = (line * worn * rule.strength)[..., None]
    ruled: Field = image * (1 - alpha) + np.array(rule.colour, np.float32) * alpha
    return ruled


def _ink(sheet: Sheet, coverage: Field, darkness: Field, rng: np.random.Generator) -> Field:
    """Return the ink's opacity: strokes swell and thin, pale and pool as a quill leaves them."""
    soft = blur(coverage, 0.75) * sheet.weight
    low = 0.09 + 0.035 * smooth(rng, sheet.size, 13.0)
    swelling = ((soft - low.clip(0.02)) / 0.52).clip(0, 1)
    pooled = 0.80 + 0.28 * blur(coverage, 2.6)
    paled = 1 - sheet.fading * (0.5 + 0.6 * smooth(rng, sheet.size, 75.0)).clip(0, 2)
    flow = 1 + 0.07 * smooth(rng, sheet.size, 20.0) + 0.05 * smooth(rng, sheet.size, 3.0)
    opacity = blur(swelling, 0.45) * pooled * paled * flow * darkness
    return np.asarray((opacity * sheet.ink_strength).clip(0, 0.97), dtype=np.float32)


def _light(sheet: Sheet, bend: Bend, rng: np.random.Generator) -> Field:
    """Return the lamp's unevenness, and the shadow in the fold."""
    width, height = sheet.size
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns / width - rng.uniform(0.35, 0.65), rows / height - rng.uniform(0.3, 0.55)
    light = 1.03 - 0.11 * (x * x + y * y) + 0.02 * smooth(rng, sheet.size, 700.0)
    fold = bend(stroke([(sheet.gutter, -60), (sheet.gutter, height + 60)]))
    for line, reach, depth in ((0.055, 52.0, 0.50), (0.016, 15.0, 0.42), (0.0035, 2.2, 0.75)):
        light *= 1 - depth * blur(raster.polyline(sheet.size, fold, width * line), reach)
    return np.asarray(light, dtype=np.float32)
