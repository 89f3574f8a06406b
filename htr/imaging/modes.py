"""From every way in which a file may store pixels to the three that are read: `1`, `L`, `RGB`."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageCms

_PLAIN = ("1", "L", "RGB")
_GREY_WITH_ALPHA = ("1", "L", "LA", "La")
_WHITE = (255, 255, 255)


def plain(image: Image.Image) -> Image.Image:
    """Return a decoded image of any of Pillow's modes as `1`, `L` or `RGB`, alpha laid on white.

    16-bit samples are divided by 257, 32-bit ones are stretched from their least to their greatest
    value. An image that is plain already comes back itself.
    """
    if image.mode.startswith("I;16"):
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).astype("u1"))
    if image.mode in ("I", "F"):
        return _stretched(image)
    if image.has_transparency_data:
        return _on_white(image)
    if image.mode in _PLAIN:
        return image
    if image.mode == "LAB":
        return _from_lab(image)
    return image.convert("RGB")


def simplest(image: Image.Image) -> Image.Image:
    """Return an `L` or `RGB` image in the smallest mode that holds the same pixels."""
    if image.mode == "RGB":
        red, green, blue = image.split()
        if (
            ImageChops.difference(red, green).getbbox()
            or ImageChops.difference(red, blue).getbbox()
        ):
            return image
        image = red
    colours = image.getcolors(2) or [(0, 128)]
    if all(value in (0, 255) for _, value in colours):
        return image.convert("1", dither=Image.Dither.NONE)
    return image


def _stretched(image: Image.Image) -> Image.Image:
    samples = np.asarray(image).astype(np.float64)
    finite = samples[np.isfinite(samples)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    span = (high - low) or 1.0
    clean = np.nan_to_num(samples, nan=low, posinf=high, neginf=low)
    return Image.fromarray(np.rint((clean - low) * (255 / span)).astype("u1"))


def _on_white(image: Image.Image) -> Image.Image:
    layer = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
    paper = Image.new("RGB", image.size, _WHITE)
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper.convert("L") if image.mode in _GREY_WITH_ALPHA else paper


def _from_lab(image: Image.Image) -> Image.Image:
    # Pillow's own convert() refuses LAB.
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    assert converted is not None  # None only comes back when converting in place
    return converted
