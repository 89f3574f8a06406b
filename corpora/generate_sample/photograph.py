"""Lights and photographs a sheet: paper, ink, stains, shadows; a sheet in, an RGB image out."""

from __future__ import annotations

import numpy as np
import raster
from noise import Field, Size, blur, ramp, smooth
from PIL import Image, ImageDraw
from sheet import Rule, Sheet, Stain, rectangle, stroke
from typeset import Bend, Mark

_BROWN = np.array([0.70, 0.46, 0.22], np.float32)  # what ageing leaves of red, green and blue
_CLOTH = np.array([58, 54, 50], np.float32)  # the table under the book


def photograph(
    sheet: Sheet, written: list[Mark], bend: Bend, rng: np.random.Generator
) -> Image.Image:
    """Return the picture of a sheet whose marks are already bent."""
    leaf = _leaf(sheet, bend, rng)
    coverage, darkness = raster.marks(sheet.size, written)
    image = _paper(sheet, leaf, rng)
    image *= _tint(_foxing(sheet, rng) * 0.45)
    image *= _tint(_ghost(sheet, coverage, leaf, bend))
    washed = np.ones_like(leaf)
    for stain in sheet.stains:
        image, washed = _stained(image, washed, stain, sheet.size, rng)
    for rule in sheet.rules:
        image = _ruled(image, rule, sheet.size, bend, rng)
    alpha = _ink(sheet, coverage, darkness, rng) * washed * leaf
    image = image * (1 - alpha[..., None]) + np.array(sheet.ink, np.float32) * alpha[..., None]
    image *= _light(sheet, leaf, bend, rng)[..., None]
    cloth = _CLOTH * (1 + 0.1 * smooth(rng, sheet.size, 3.0) * smooth(rng, sheet.size, 150.0))[..., None]
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
    return blur(raster.polygon(sheet.size, bend(worn + rng.normal(0, 0.8, worn.shape))), 0.9)


def _paper(sheet: Sheet, leaf: Field, rng: np.random.Generator) -> Field:
    scales = ((430, 0.030), (140, 0.016), (38, 0.010), (9, 0.007), (2.2, 0.009))
    tone = 1 + sum((smooth(rng, sheet.size, scale) * part for scale, part in scales), leaf * 0)
    image = tone[..., None] * np.array(sheet.paper, np.float32)
    image *= 1 + (_fibres(sheet.size, rng)[..., None] - 0.5) * 0.10
    handled = 1 - blur(blur(leaf, 30.0), 60.0)  # fingers and air brown the edges first
    handled = ramp(handled + 0.07 * smooth(rng, sheet.size, 90.0), 0.02, 0.75)
    image *= _tint(handled * 0.55)
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
    return blur(np.asarray(image, dtype=np.float32) / 255, 0.7)


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


def _ghost(sheet: Sheet, coverage: Field, leaf: Field, bend: Bend) -> Field:
    """Return the other side's writing, mirrored and dim, which shows through thin paper."""
    mirrored = np.roll(coverage[:, ::-1], (23, -31), axis=(0, 1))
    if sheet.gutter is not None:
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
    distance += 0.05 * smooth(rng, size, 30.0)
    inside = 1 - ramp(distance, 0.93, 1.0)
    rim = np.exp(-(((distance - 0.93) / 0.07) ** 2)) * inside
    if stain.kind == "ink":
        return image * (1 - 0.78 * inside * stain.strength)[..., None], washed
    shine = np.exp(-(((columns - stain.centre[0]) / stain.radius + 0.35) ** 2 * 14
                     + ((rows - stain.centre[1]) / stain.radius + 0.4) ** 2 * 14))
    grease = (0.30 * inside + 0.30 * rim) * stain.strength
    lit = image * _tint(grease.astype(np.float32)) + (26 * shine * inside)[..., None]
    return lit.astype(np.float32), washed


def _ruled(
    image: Field, rule: Rule, size: Size, bend: Bend, rng: np.random.Generator
) -> Field:
    line = blur(raster.polyline(size, bend(rule.points), rule.width), 0.7)
    worn = (0.85 + 0.16 * smooth(rng, size, 14.0) + 0.1 * smooth(rng, size, 3.0)).clip(0.2, 1)
    alpha = (line * worn * rule.strength)[..., None]
    return image * (1 - alpha) + np.array(rule.colour, np.float32) * alpha


def _ink(sheet: Sheet, coverage: Field, darkness: Field, rng: np.random.Generator) -> Field:
    """Return the ink's opacity: strokes swell and thin, pale and pool as a quill leaves them."""
    soft = blur(coverage, 0.75) * sheet.weight
    low = 0.09 + 0.035 * smooth(rng, sheet.size, 13.0)
    stroke_ = ((soft - low.clip(0.02)) / 0.52).clip(0, 1)
    pooled = 0.80 + 0.28 * blur(coverage, 2.6)
    paled = 1 - sheet.fading * (0.5 + 0.6 * smooth(rng, sheet.size, 75.0)).clip(0, 2)
    flow = 1 + 0.07 * smooth(rng, sheet.size, 20.0) + 0.05 * smooth(rng, sheet.size, 3.0)
    opacity = blur(stroke_, 0.45) * pooled * paled * flow * darkness
    return (opacity * sheet.ink_strength).clip(0, 0.97).astype(np.float32)


def _light(sheet: Sheet, leaf: Field, bend: Bend, rng: np.random.Generator) -> Field:
    """Return the lamp's unevenness, and the shadow in the fold."""
    width, height = sheet.size
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns / width - rng.uniform(0.35, 0.65), rows / height - rng.uniform(0.3, 0.55)
    light = 1.03 - 0.16 * (x * x + y * y) + 0.02 * smooth(rng, sheet.size, 700.0)
    if sheet.gutter is not None:
        fold = bend(stroke([(sheet.gutter, -60), (sheet.gutter, height + 60)]))
        for line, reach, depth in ((0.055, 52.0, 0.50), (0.016, 15.0, 0.42), (0.0035, 2.2, 0.75)):
            shade = blur(raster.polyline(sheet.size, fold, width * line), reach)
            light *= 1 - depth * shade
    return light.astype(np.float32)
