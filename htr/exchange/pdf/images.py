"""Image files into PDF images: their own bytes where a PDF can hold them, else without loss."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import img2pdf
from pikepdf import Array, Object, Pdf
from PIL import Image

from htr.errors import DamagedImage
from htr.i18n import _
from htr.imaging.faults import damage_as, opened
from htr.imaging.load import load
from htr.imaging.raster import Header, checked, unguarded
from htr.imaging.source import Source

_DEFAULT_DPI = 300.0
_POINTS_PER_INCH = 72
_JP2 = b"\0\0\0\x0cjP  "
_PNG_DEPTH = 24  # where a PNG says how many bits a sample has
_LONGEST = 14_400.0  # points: ISO 32000-1, annex C.2
_SHORTEST = 3.0
_SAUVOLA_WINDOW = 1 / 6  # inch
_SAUVOLA_K = 0.08  # lower than for print: pale ink must stay
_CHANNELS = {"1": 1, "L": 1, "RGB": 3}
# ISO 19005-2, 6.2.4.2: what an ICC profile of an image may be.
_PROFILE_SPACES = {1: b"GRAY", 3: b"RGB "}
_PROFILE_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
_PROFILE_VERSION = 4


@dataclass(frozen=True, slots=True)
class ImageOptions:
    """How images are embedded; nothing said is: as they are, at the file's own resolution.

    `dpi` overrides the file's resolution. `quality` (1..100) makes JPEGs of all but 1-bit images;
    `max_dpi` makes those that have a higher resolution smaller; `bitonal` makes all 1-bit.
    """

    dpi: float | None = None
    quality: int | None = None
    max_dpi: float | None = None
    bitonal: bool = False
    max_pixels: int = 200_000_000


@dataclass(frozen=True, slots=True)
class Scan:
    """A PDF image, the EXIF orientation in which to draw it, and the page's size in points.

    `pixels` is the size of the upright file, as ALTO counts it.
    """

    image: Object
    orientation: int
    width: float
    height: float
    pixels: tuple[int, int]


def embed(pdf: Pdf, path: Path, options: ImageOptions) -> Scan:
    """Add an image file to a PDF.

    JPEG and JPEG 2000 files keep their bytes, whatever their EXIF orientation; 1-bit images become
    CCITT G4; others are compressed without loss, those of 16 bits a sample from 8, CMYK as RGB, and
    transparent ones on white. ICC profiles are kept where PDF/A allows them. Raises NotFound,
    NotReadable, EmptyFile, NotAnImage, DamagedImage and ImageTooLarge.
    """
    with opened(path) as file:
        data = file.read()
    header = checked(BytesIO(data), path, max_pixels=options.max_pixels)
    dpi = options.dpi or header.dpi or _DEFAULT_DPI
    dpi = max(dpi, max(header.size) * _POINTS_PER_INCH / _LONGEST)
    dpi = min(dpi, min(header.size) * _POINTS_PER_INCH / _SHORTEST)
    unchanged = _is_kept(header, data, dpi, options)
    if not unchanged:
        data = _derivative(path, header, dpi, options)
    image = _imported(pdf, data, path)
    if unchanged and not _fits(header.profile, header.mode):
        _drop_profile(image)
    width, height = header.size
    return Scan(
        image=image,
        orientation=header.orientation if unchanged else 1,
        width=width * _POINTS_PER_INCH / dpi,
        height=height * _POINTS_PER_INCH / dpi,
        pixels=header.size,
    )


def _is_kept(header: Header, data: bytes, dpi: float, options: ImageOptions) -> bool:
    """Say whether a file's own bytes may stand in a PDF."""
    if options.bitonal or options.quality or (options.max_dpi and dpi > options.max_dpi):
        return False
    if header.mode not in ("L", "RGB") or header.transparent:
        return False
    match header.form:
        case "JPEG" | "MPO":
            return True
        case "JPEG2000":
            return data.startswith(_JP2)  # a bare codestream is not for PDF
        case "PNG":
            return header.orientation == 1 and data[_PNG_DEPTH] == 8
    return False


def _derivative(path: Path, header: Header, dpi: float, options: ImageOptions) -> bytes:
    """Return an upright image file made from another as the options say."""
    image = load(Source(path), max_pixels=options.max_pixels, dpi=0).image
    if options.max_dpi and dpi > options.max_dpi:
        image = _smaller(image, options.max_dpi / dpi)
        dpi = options.max_dpi
    if options.bitonal and image.mode != "1":
        image = _bitonal(image, dpi)
    buffer = BytesIO()
    keywords: dict[str, Any] = {}
    if _fits(header.profile, image.mode):
        keywords["icc_profile"] = header.profile
    if image.mode == "1":
        image.save(buffer, "TIFF")  # which img2pdf turns into G4
    elif options.quality:
        image.save(buffer, "JPEG", quality=options.quality, optimize=True, **keywords)
    else:
        image.save(buffer, "PNG", **keywords)
    return buffer.getvalue()


def _smaller(image: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    grey = image.convert("L") if image.mode == "1" else image
    small = grey.resize(size, Image.Resampling.LANCZOS)
    return small.convert("1", dither=Image.Dither.NONE) if image.mode == "1" else small


def _bitonal(image: Image.Image, dpi: float) -> Image.Image:
    """Return black ink on white paper by a local threshold (Sauvola and Pietikäinen, 2000)."""
    import numpy as np
    from skimage.filters import threshold_sauvola

    grey = np.asarray(image.convert("L"))
    window = max(3, round(dpi * _SAUVOLA_WINDOW)) | 1
    return Image.fromarray(grey > threshold_sauvola(grey, window, k=_SAUVOLA_K))


def _fits(profile: bytes | None, mode: str) -> bool:
    """Say whether PDF/A takes an ICC profile for an image of a mode."""
    return (
        profile is not None
        and len(profile) >= 128
        and profile[36:40] == b"acsp"
        and profile[8] <= _PROFILE_VERSION
        and profile[12:16] in _PROFILE_CLASSES
        and profile[16:20] == _PROFILE_SPACES[_CHANNELS[mode]]
    )


def _drop_profile(image: Object) -> None:
    """Let a PDF image be of the device's own colours, if it is of those of an ICC profile."""
    if isinstance(image.ColorSpace, Array):
        image.ColorSpace = image.ColorSpace[1].Alternate


def _imported(pdf: Pdf, data: bytes, path: Path) -> Object:
    """Return an image file's bytes as an image of a PDF."""
    message = _("The image is cut off or corrupt.")
    hint = _("Copy it again from its source, or scan it again.")
    with damage_as(DamagedImage, message, hint, path=path), unguarded():
        single = img2pdf.convert(
            data, engine=img2pdf.Engine.internal, rotation=img2pdf.Rotation.none, nodate=True
        )
    with Pdf.open(BytesIO(single)) as source:
        (image,) = source.pages[0].resources.XObject.values()
        return pdf.copy_foreign(image)
