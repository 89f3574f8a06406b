"""A register as a IIIF manifest with annotation pages, and its images where no server has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from htr.document.description import Description
from htr.document.page import Page
from htr.errors import BadXml
from htr.exchange.folder import Outcome
from htr.exchange.package import (
    content,
    image_address,
    image_name,
    write_copy,
    write_parts,
)
from htr.exchange.register import PageFile
from htr.formats.iiif_types import DirectImage, Image, ImageService
from htr.formats.iiif_writer import Leaf, write_annotations, write_manifest
from htr.formats.media import BROWSER_TYPES, media_type
from htr.i18n import _
from htr.imaging.load import load
from htr.imaging.source import Source
from htr.pipeline.files import write_whole

_QUALITY = 90
_DPI = 300  # for a PDF page, which no ALTO of ours names as its image


@dataclass(frozen=True, slots=True)
class IiifOptions:
    """How a register becomes a manifest: `base` is the URL at which the folder will be served.

    `image_base` is that of the institution's image service (see `image_address`), `image_api` its
    version; without it, images are copied. `words` says whether words are annotated beside lines.
    """

    description: Description
    base: str
    max_pixels: int
    image_base: str | None = None
    image_api: Literal[2, 3] = 3
    words: bool = True


def write_presentation(files: Iterable[PageFile], output: Path, options: IiifOptions) -> Outcome:
    """Write `output/annotations`, `output/images` and, at the end, `output/manifest.json`.

    A page that cannot be read, or whose image is not there, is left out and reported in the
    outcome; without any page no manifest is written. Raises OutputError where nothing can be
    written, and NameClash rather than overwrite another's image.
    """
    target = output / "manifest.json"
    again = target.exists()
    found = write_parts(files, lambda file: _write_page(file, output, options, again=again))
    if not found.parts:
        return found.outcome
    write_whole(target, write_manifest(found.parts, options.description, base=options.base))
    return replace(found.outcome, written=(*found.outcome.written, target))


def _write_page(
    file: PageFile, output: Path, options: IiifOptions, *, again: bool
) -> tuple[Leaf, tuple[Path, ...]]:
    page = file.read()
    width, height = page.image.width, page.image.height
    if width <= 0 or height <= 0:
        raise BadXml(
            _("The file does not say how large its image is, so that nothing can be placed on it."),
            path=file.path,
            hint=_("Export it again from the program that made it, with the page's size."),
        )
    image, copied = _image(file, page, output, options, again=again)
    target = output / "annotations" / f"{file.name}.json"
    language = options.description.language
    data = write_annotations(
        page, name=file.name, base=options.base, language=language, words=options.words
    )
    write_whole(target, data)
    return Leaf(file.name, image, width, height), (*copied, target)


def _image(
    file: PageFile, page: Page, output: Path, options: IiifOptions, *, again: bool
) -> tuple[Image, tuple[Path, ...]]:
    """Return the page's image, and the copy of it if one is made."""
    size = (page.image.width, page.image.height)
    if options.image_base is not None:
        # The identifier is one segment of the path (Image API 3.0, section 3): its slashes go too.
        url = image_address(options.image_base, image_name(file, page), safe="")
        return ImageService(url.rstrip("/"), options.image_api, *size, level=1), ()
    data, suffix = _for_browsers(file.image(page), options.max_pixels)
    target = output / "images" / f"{file.name}{suffix}"
    write_copy(target, data, again=again)
    url = f"{options.base.rstrip('/')}/images/{quote(file.name + suffix)}"
    return DirectImage(url, *size), (target,)


def _for_browsers(path: Path, max_pixels: int) -> tuple[bytes, str]:
    """Return an image's bytes and suffix: unchanged if browsers show it, else a JPEG made of it."""
    if media_type(path.name) in BROWSER_TYPES:
        return content(path), path.suffix
    image = load(Source(path), max_pixels=max_pixels, dpi=_DPI).image
    buffer = BytesIO()
    (image.convert("L") if image.mode == "1" else image).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue(), ".jpg"
