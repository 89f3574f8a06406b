"""Which pages a file holds: the file itself, the frames of a TIFF or the pages of a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from htr.imaging import pdf, raster
from htr.imaging.faults import opened

_JPEG = (".jpg", ".jpeg", ".jpe", ".jfif")
_JPEG_2000 = (".jp2", ".j2k", ".j2c", ".jpc", ".jpx", ".jpf")
IMAGE_SUFFIXES = frozenset((*_JPEG, *_JPEG_2000, ".png", ".webp", ".tif", ".tiff"))
PDF_SUFFIXES = frozenset((".pdf",))
_PDF_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024  # bytes; PDF Reference 1.7, implementation note 13


@dataclass(frozen=True, slots=True)
class Source:
    """Where a page's image is: a file, or its 0-based frame (of a TIFF) or page (of a PDF)."""

    path: Path
    frame: int | None = None


def sources(path: Path) -> tuple[Source, ...]:
    """Return a file's pages in order, reading headers only.

    Raises NotFound, NotReadable, EmptyFile, NotAnImage, DamagedImage, DamagedPdf and LockedPdf.
    """
    with opened(path) as file:
        if is_pdf(file, path):
            return tuple(Source(path, frame) for frame in range(pdf.page_count(path)))
        return tuple(Source(path, frame) for frame in raster.pages(file, path))


def is_pdf(file: BinaryIO, path: Path) -> bool:
    """Say whether an open file is a PDF by its first bytes or, failing that, by its name."""
    head = file.read(_HEADER_WITHIN)
    file.seek(0)
    return _PDF_HEADER in head or path.suffix.lower() in PDF_SUFFIXES
