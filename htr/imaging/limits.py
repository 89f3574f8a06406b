"""How large an image may be: checked on what its header says, before a pixel is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htr.errors import ImageTooLarge
from htr.i18n import _, decimal
from htr.imaging.faults import on_page

if TYPE_CHECKING:
    from pathlib import Path


def check_pixels(
    size: tuple[int, int],
    *,
    max_pixels: int,
    path: Path,
    frame: int | None = None,
    dpi: int | None = None,
) -> None:
    """Raise ImageTooLarge if an image of that width and height (pixels) goes over the limit.

    `dpi` is given where it made the size, and the hint then names it.
    """
    width, height = size
    if width * height <= max_pixels:
        return
    message = _(
        "The image has {size} megapixels ({width} x {height}); the limit is {limit} megapixels."
    ).format(
        size=decimal(width * height / 1e6),
        width=width,
        height=height,
        limit=decimal(max_pixels / 1e6),
    )
    if dpi is None:
        hint = _("If the file can be trusted, raise the limit with `--max-pixels {pixels}`.")
    else:
        hint = _(
            "Ask for less than {dpi} with `--dpi`, or raise the limit with `--max-pixels {pixels}`."
        )
    hint = hint.format(pixels=width * height, dpi=dpi)
    raise ImageTooLarge(on_page(message, frame), path=path, hint=hint)
