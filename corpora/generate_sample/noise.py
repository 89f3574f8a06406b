"""Random fields and blurs on whole images, as arrays of height by width."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Field: TypeAlias = npt.NDArray[np.float32]  # (height, width)
Size: TypeAlias = tuple[int, int]  # width, height


def smooth(rng: np.random.Generator, size: Size, scale: float) -> Field:
    """Return noise of mean 0 and standard deviation of about 1 whose bumps are `scale` pixels."""
    width, height = size
    coarse = (int(width / scale) + 3, int(height / scale) + 3)
    grid = rng.standard_normal((coarse[1], coarse[0])).astype(np.float32)
    window = (0.0, 0.0, width / scale + 1, height / scale + 1)
    image = Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC, box=window)
    field = np.asarray(image, dtype=np.float32)
    return field * np.float32(1 / 0.75)


def blur(field: Field, radius: float) -> Field:
    """Return a field of values in 0..1 under a Gaussian blur."""
    image = Image.fromarray(np.rint(field.clip(0, 1) * 255).astype(np.uint8))
    return grey(image.filter(ImageFilter.GaussianBlur(radius)))


def grey(image: Image.Image) -> Field:
    """Return a grey image as 0 for black to 1 for white."""
    return np.asarray(image, dtype=np.float32) * np.float32(1 / 255)


def ramp(field: Field, low: float, high: float) -> Field:
    """Return 0 below `low`, 1 above `high`, and a smooth step between them."""
    part = ((field - low) / (high - low)).clip(0, 1)
    return np.asarray(part * part * (3 - 2 * part), dtype=np.float32)
