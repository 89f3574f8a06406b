"""Lines changed at random as ink on paper changes: another slant, pen, light, or sheet."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Grey = npt.NDArray[np.float32]

_OUTSIDE = 5  # grey levels below this are the black around a line's outline
_OFTEN = 0.8
_PIECE = 90  # pixels, about, that are stretched alike


def augmented(image: Image.Image, size: tuple[int, int], rng: np.random.Generator) -> Grey:
    """Return a grey line at (width, height), changed at random: (height, width), 0 to 255."""
    image = image.resize(size, Image.Resampling.LANCZOS)
    if rng.random() < _OFTEN:
        image = _warped(image, rng)
    return _repainted(image, rng) if rng.random() < _OFTEN else np.array(image, np.float32)


def _warped(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Shear, tilt, shift and locally stretch a line; what comes in from outside is black."""
    width, height = image.size
    pieces = max(1, round(width / _PIECE))
    shear = rng.uniform(-0.25, 0.25) * height / 2
    scale = rng.uniform(-0.08, 0.08) * height / 2
    shift = rng.uniform(-2, 2)
    slope = rng.uniform(-2, 2) * min(1.0, width / 400)
    edges = np.linspace(0, width, pieces + 1)
    source = edges + rng.uniform(-5, 5, pieces + 1) * (pieces > 1)
    source[0], source[-1] = 0, width
    wave = shift + slope * (edges / width - 0.5) + rng.uniform(-1, 1, pieces + 1)
    top, bottom = -scale, height + scale
    mesh = []
    for piece in range(pieces):
        left, right = int(edges[piece]), int(edges[piece + 1])
        (x0, x1), (y0, y1) = source[piece : piece + 2], wave[piece : piece + 2]
        near = (x0 + shear, y0 + top, x0 - shear, y0 + bottom)
        far = (x1 - shear, y1 + bottom, x1 + shear, y1 + top)
        mesh.append(((left, 0, right, height), near + far))
    return image.transform(
        image.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor=0
    )


def _repainted(image: Image.Image, rng: np.random.Generator) -> Grey:
    """Vary stroke, sharpness, contrast, light and noise; the black around the line stays."""
    outside = np.asarray(image) < _OUTSIDE
    image = _PENS[rng.choice(len(_PENS), p=_SHARES)](image, rng)
    grey: Grey = np.array(image, np.float32)
    mean = float(grey[~outside].mean()) if not outside.all() else 128.0
    grey = (grey - mean) * np.float32(rng.uniform(0.7, 1.3)) + np.float32(
        mean + rng.uniform(-30, 30)
    )
    if rng.random() < 0.3:
        grey += rng.standard_normal(grey.shape, np.float32) * np.float32(rng.uniform(1, 8))
    if rng.random() < 0.2:
        left, right = rng.uniform(-25, 25, 2).tolist()
        grey += np.linspace(left, right, grey.shape[1]).astype(np.float32)
    grey[outside] = 0
    return np.clip(grey, 0, 255)


def _same(image: Image.Image, _rng: np.random.Generator) -> Image.Image:
    return image


def _blurred(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))


def _broader(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return Image.blend(image, image.filter(ImageFilter.MinFilter(3)), rng.uniform(0.1, 0.5))


def _finer(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return Image.blend(image, image.filter(ImageFilter.MaxFilter(3)), rng.uniform(0.1, 0.5))


_PENS: tuple[Callable[[Image.Image, np.random.Generator], Image.Image], ...] = (
    _same,
    _blurred,
    _broader,
    _finer,
)
_SHARES = (0.75, 0.15, 0.05, 0.05)
