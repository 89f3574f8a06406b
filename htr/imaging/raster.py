"""Images by Pillow: how many pages a file holds, and each page upright and fully decoded."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, BinaryIO

from PIL import (
    ExifTags,
    Image,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
)

from htr.errors import DamagedImage, NotAnImage
from htr.i18n import _
from htr.imaging.faults import damage_as
from htr.imaging.limits import check_pixels
from htr.imaging.modes import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Named, so that no file makes Pillow start Ghostscript (EPS) or a decoder nobody scans to.
_FORMATS = ("BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
_SIGNATURES = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG",
    b"II*\0",  # TIFF, then BigTIFF, in both byte orders
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"RIFF",
    b"\0\0\0\x0cjP  ",  # JPEG 2000 file, then bare codestream
    b"\xff\x4f\xff\x51",
    b"GIF8",
    b"BM",
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_NEW_SUBFILE_TYPE = 254  # TIFF 6.0, section 8: bit 0 marks a reduced copy, bit 2 a mask
_NOT_A_PAGE = 0b101
_DPI = (30.0, 2400.0)
_PILLOW = threading.Lock()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page's image, upright and decoded, in mode `1`, `L` or `RGB`, without metadata.

    `dpi` is its horizontal resolution, or None where the file states none that makes sense.
    """

    image: Image.Image
    dpi: float | None


def pages(file: BinaryIO, path: Path) -> tuple[int | None, ...]:
    """Return the frames of a file that are pages: (None,) where the file is the page.

    Only TIFF holds pages; its thumbnails and masks are left out. Reads headers only. Raises
    NotAnImage and DamagedImage.
    """
    with _open(file, path, None) as image:
        if not isinstance(image, TiffImagePlugin.TiffImageFile):
            return (None,)
        count = image.n_frames
        found = [frame for frame in range(count) if _is_page(image, frame)]
    return tuple(found) if found and found != [0] else (None,)


def read(file: BinaryIO, path: Path, frame: int | None, *, max_pixels: int) -> Loaded:
    """Return one frame (0-based; None is the first) as a page image.

    Raises NotAnImage, DamagedImage and ImageTooLarge.
    """
    with _open(file, path, frame) as image:
        if frame is not None:
            image.seek(frame)
        check_pixels(image.size, max_pixels=max_pixels, path=path, frame=frame)
        image.load()
        turn = _TURNS.get(_orientation(image))
        dpi = _dpi(image)
        shown = plain(image)
        upright = shown.copy() if turn is None else shown.transpose(turn)
    upright.info = {}
    return Loaded(upright, dpi)


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its first image before a pixel is decoded.

    `form` and `mode` are Pillow's names; `size` is that of the upright image, `orientation` EXIF's
    (1..8); `dpi` as in Loaded; `profile` the ICC profile's bytes.
    """

    form: str
    mode: str
    size: tuple[int, int]
    orientation: int
    dpi: float | None
    transparent: bool
    profile: bytes | None


def checked(file: BinaryIO, path: Path, *, max_pixels: int) -> Header:
    """Return a file's header once it has proved whole, as quickly as that can be told.

    A JPEG must have its end, JPEG 2000 is decoded at an eighth of its size, and other files are not
    looked through. Raises NotAnImage, DamagedImage and ImageTooLarge.
    """
    with _open(file, path, None) as image:
        check_pixels(image.size, max_pixels=max_pixels, path=path)
        orientation = _orientation(image)
        header = Header(
            form=image.format or "",
            mode=image.mode,
            size=image.size if orientation < 5 else (image.height, image.width),
            orientation=orientation if orientation in _TURNS else 1,
            dpi=_dpi(image),
            transparent=image.has_transparency_data,
            profile=image.info.get("icc_profile") or None,
        )
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            _find_end(file)
        elif isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
            _decode_small(image, file)
    return header


def _find_end(file: BinaryIO) -> None:
    """Raise EOFError for a JPEG that breaks off: no end of image after the last start of a scan.

    That is what decoding it would find, at a hundredth of the time (ITU-T T.81, B.1.1.3: neither
    marker occurs among a scan's data; an EXIF thumbnail's come before those of the image).
    """
    file.seek(0)
    data = file.read()
    if data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda"):
        raise EOFError


def _decode_small(image: Jpeg2KImagePlugin.Jpeg2KImageFile, file: BinaryIO) -> None:
    image.reduce = 3
    try:
        image.load()
    except OSError:  # damaged, or without so small a resolution
        file.seek(0)
        Image.open(file, formats=_FORMATS).load()


def plain_jpeg(file: BinaryIO, path: Path, frame: int, *, max_pixels: int) -> Loaded | None:
    """Return a JPEG as a page image, or None if its bytes alone do not say how it is to look.

    That is so for CMYK and for JPEGs with an EXIF orientation, which a PDF ignores. Raises as
    `read` does.
    """
    with _open(file, path, frame) as image:
        if image.format != "JPEG" or image.mode not in ("L", "RGB") or _orientation(image) != 1:
            return None
    return read(file, path, None, max_pixels=max_pixels)


@contextmanager
def _open(file: BinaryIO, path: Path, frame: int | None) -> Iterator[Image.Image]:
    hint = _("Copy it again from its source, or scan it again.")
    message = _("The image is cut off or corrupt.")
    damaged = damage_as(DamagedImage, message, hint, path=path, frame=frame)
    with damaged, unguarded(), _identified(file, path) as image:
        yield image


def _identified(file: BinaryIO, path: Path) -> Image.Image:
    try:
        return Image.open(file, formats=_FORMATS)
    except UnidentifiedImageError as error:
        file.seek(0)
        if file.read(16).startswith(_SIGNATURES):
            raise
        message = _("This is not an image, whatever its name says.")
        hint = _("JPEG, PNG, TIFF, WebP, JPEG 2000 and PDF are read.")
        raise NotAnImage(message, path=path, hint=hint) from error


@contextmanager
def unguarded() -> Iterator[None]:
    """Silence Pillow's warnings and lift its own limit on pixels, while one image is decoded.

    Pillow refuses more than 179 megapixels whatever the caller says, and can only be told
    otherwise by a global of the process; warnings are filtered by another. So both are set under a
    lock, put back at once, and our own limit (`check_pixels`) stands in between.
    """
    with _PILLOW, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _is_page(image: TiffImagePlugin.TiffImageFile, frame: int) -> bool:
    image.seek(frame)
    return not int(image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)) & _NOT_A_PAGE


def _orientation(image: Image.Image) -> int:
    # Metadata that cannot be read must not cost a page that can.
    with suppress(Exception):
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def _dpi(image: Image.Image) -> float | None:
    with suppress(Exception):
        dpi = float(image.info["dpi"][0])
        if isfinite(dpi) and _DPI[0] <= dpi <= _DPI[1]:
            return dpi
    return None
