"""PDF by PDFium: how many pages, and each as the scan that it holds or, failing that, drawn."""

from __future__ import annotations

from contextlib import closing, contextmanager
from ctypes import byref, c_int
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from htr.errors import DamagedImage, DamagedPdf, LockedPdf
from htr.i18n import _
from htr.imaging.faults import damage_as, on_page
from htr.imaging.limits import check_pixels
from htr.imaging.modes import simplest
from htr.imaging.raster import Loaded, plain_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POINTS_PER_INCH = 72
_SLACK = 0.01  # of the page's side: how far a scan's edge may lie from the page's
_THUMBNAIL = 16  # cells a side
_THUMBNAIL_PIXELS = 256
_MOST_DIFFERENCE = 48  # of 255: less than a mask or an inversion makes, more than colour profiles


def page_count(path: Path) -> int:
    """Return how many pages a PDF has. Raises DamagedPdf and LockedPdf."""
    with _document(path) as document:
        return len(document)


def read(path: Path, frame: int, *, max_pixels: int, dpi: int) -> tuple[Loaded, bytes | None]:
    """Return a page (0-based) as an image, and its JPEG file where the page is that and no more.

    A page that is one scan comes out in the scan's own pixels, whatever invisible text lies over
    it; any other is drawn at `dpi`. Annotations and form fields are not part of the document and
    are left out. Raises DamagedPdf, LockedPdf and ImageTooLarge.
    """
    with _document(path) as document, _damaged(path, frame), closing(document[frame]) as page:
        painted = [thing for thing in page.get_objects() if _paints(thing)]
        for image in _images(painted):
            # PDFium decodes them whole to draw them small.
            check_pixels(image.get_px_size(), max_pixels=max_pixels, path=path, frame=frame)
        scan = _scan(page, painted)
        if scan is not None:
            loaded, jpeg = _embedded(page, scan, path, frame, max_pixels=max_pixels)
            if _looks_like(page, loaded.image):
                return loaded, jpeg
        return Loaded(_drawn(page, path, frame, max_pixels=max_pixels, dpi=dpi), float(dpi)), None


@contextmanager
def _document(path: Path) -> Iterator[Any]:
    try:
        document = pdfium.PdfDocument(path.absolute())
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            message = _("The PDF is locked with a password.")
            hint = _(
                "Remove the password first: `qpdf --password=PASSWORD --decrypt in.pdf out.pdf`."
            )
            raise LockedPdf(message, path=path, hint=hint) from error
        message = _("The PDF is cut off or corrupt.")
        raise DamagedPdf(message, path=path, hint=_mend()) from error
    with closing(document):
        yield document


@contextmanager
def _damaged(path: Path, frame: int) -> Iterator[None]:
    message = _("The page is cut off or corrupt.")
    try:
        with damage_as(DamagedPdf, message, _mend(), path=path, frame=frame):
            yield
    except DamagedImage as error:
        raise DamagedPdf(on_page(message, frame), path=path, hint=_mend()) from error


def _mend() -> str:
    return _("Copy it again from its source; `qpdf` may mend it (`qpdf broken.pdf mended.pdf`).")


def _paints(thing: Any) -> bool:
    """Say whether a page object leaves marks; a form's own objects are listed after it."""
    if thing.type == raw.FPDF_PAGEOBJ_FORM:
        return False
    if thing.type == raw.FPDF_PAGEOBJ_TEXT:
        mode = raw.FPDFTextObj_GetTextRenderMode(thing)
        return bool(mode != raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    if thing.type == raw.FPDF_PAGEOBJ_PATH:
        fill, stroke = c_int(), c_int()
        raw.FPDFPath_GetDrawMode(thing, byref(fill), byref(stroke))
        return bool(fill.value or stroke.value)
    return True


def _images(things: list[Any]) -> list[Any]:
    return [thing for thing in things if thing.type == raw.FPDF_PAGEOBJ_IMAGE]


def _scan(page: Any, painted: list[Any]) -> Any | None:
    """Return the only image of a page if it covers the page, upright and opaque, above all else."""
    images = _images(painted)
    if page.get_rotation() != 0 or len(images) != 1 or painted[-1] is not images[0]:
        return None
    (image,) = images
    if image.level > 0 or raw.FPDFPageObj_HasTransparency(image):
        return None
    left, bottom, right, top = page.get_bbox()
    wanted = (right - left, 0.0, 0.0, top - bottom, left, bottom)
    slack = _SLACK * min(right - left, top - bottom)
    off = (abs(is_ - want) for is_, want in zip(image.get_matrix().get(), wanted, strict=True))
    return image if max(off) <= slack else None


def _embedded(
    page: Any, scan: Any, path: Path, frame: int, *, max_pixels: int
) -> tuple[Loaded, bytes | None]:
    dpi = scan.get_px_size()[0] * _POINTS_PER_INCH / page.get_width()
    if scan.get_filters(skip_simple=True) == ["DCTDecode"]:
        data = bytes(scan.get_data(decode_simple=True))
        loaded = plain_jpeg(BytesIO(data), path, frame, max_pixels=max_pixels)
        if loaded is not None:
            return Loaded(loaded.image, dpi), data
    return Loaded(_pixels(scan.get_bitmap()), dpi), None


def _looks_like(page: Any, image: Image.Image) -> bool:
    """Say whether an image looks as the page does, both seen from afar.

    A soft mask, a stencil, a Decode array or an odd colour space changes how a PDF shows an image;
    rather than know them all, compare.
    """
    scale = _THUMBNAIL_PIXELS / max(page.get_size())
    shown = _pixels(page.render(scale=scale, draw_annots=False, may_draw_forms=False))
    difference = np.abs(_thumbnail(shown) - _thumbnail(image))
    return int(difference.max()) <= _MOST_DIFFERENCE


def _thumbnail(image: Image.Image) -> np.ndarray[Any, np.dtype[np.int16]]:
    smooth = image.convert("L") if image.mode == "1" else image
    small = smooth.resize((_THUMBNAIL, _THUMBNAIL), Image.Resampling.BOX)
    return np.asarray(small.convert("RGB")).astype(np.int16)


def _drawn(page: Any, path: Path, frame: int, *, max_pixels: int, dpi: int) -> Image.Image:
    scale = dpi / _POINTS_PER_INCH
    width, height = (int(np.ceil(side * scale)) for side in page.get_size())
    check_pixels((width, height), max_pixels=max_pixels, path=path, frame=frame, dpi=dpi)
    return _pixels(page.render(scale=scale, draw_annots=False, may_draw_forms=False))


def _pixels(bitmap: Any) -> Image.Image:
    # A copy, for PDFium's buffer goes with the bitmap.
    image: Image.Image = bitmap.to_pil()
    return simplest(image.convert("RGB") if image.mode not in ("L", "RGB") else image.copy())
