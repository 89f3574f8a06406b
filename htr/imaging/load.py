"""A page's image from wherever it is, upright; and as a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from htr.imaging import pdf, raster
from htr.imaging.faults import opened
from htr.imaging.raster import Loaded
from htr.imaging.source import is_pdf

if TYPE_CHECKING:
    from htr.imaging.source import Source

__all__ = ["Extracted", "Loaded", "extract", "load"]


@dataclass(frozen=True, slots=True)
class Extracted:
    """An image file (its bytes and suffix) and what is seen on opening it."""

    data: bytes
    suffix: Literal[".jpg", ".png"]
    loaded: Loaded


def load(source: Source, *, max_pixels: int, dpi: int) -> Loaded:
    """Return a page's image, upright; `dpi` is for PDF pages that must be drawn.

    Raises NotFound, NotReadable, EmptyFile, NotAnImage, DamagedImage, ImageTooLarge, DamagedPdf
    and LockedPdf.
    """
    return _read(source, max_pixels=max_pixels, dpi=dpi)[0]


def extract(source: Source, *, max_pixels: int, dpi: int) -> Extracted:
    """Return a page's image as a file of its own: a PDF's own JPEG unchanged, else a PNG.

    Raises what `load` raises.
    """
    loaded, jpeg = _read(source, max_pixels=max_pixels, dpi=dpi)
    if jpeg is not None:
        return Extracted(jpeg, ".jpg", loaded)
    return Extracted(_png(loaded), ".png", loaded)


def _read(source: Source, *, max_pixels: int, dpi: int) -> tuple[Loaded, bytes | None]:
    with opened(source.path) as file:
        if is_pdf(file, source.path):
            return pdf.read(source.path, source.frame or 0, max_pixels=max_pixels, dpi=dpi)
        return raster.read(file, source.path, source.frame, max_pixels=max_pixels), None


def _png(loaded: Loaded) -> bytes:
    buffer = BytesIO()
    if loaded.dpi is None:
        loaded.image.save(buffer, "PNG")
    else:
        loaded.image.save(buffer, "PNG", dpi=(loaded.dpi, loaded.dpi))
    return buffer.getvalue()
