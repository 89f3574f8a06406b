"""Pages from a IIIF manifest: an image each, and the text of its annotations if it has any."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from htr.document.page import ImageRef, Page
from htr.document.scaling import scaled
from htr.errors import BadManifest
from htr.exchange.download import Client
from htr.exchange.incoming import Draft, Size
from htr.formats.iiif_annotations import read_annotations
from htr.formats.iiif_reader import read_manifest
from htr.formats.iiif_types import Canvas, DirectImage, Image, image_url
from htr.i18n import _
from htr.imaging.source import IMAGE_SUFFIXES

_LONGEST = 40  # characters of a manifest's label in file names
_NO_LETTER = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class CanvasPage:
    """A canvas of a manifest, and the client that fetches what it refers to."""

    client: Client
    manifest: str
    canvas: Canvas
    name: str
    max_size: int | None

    @property
    def place(self) -> str:
        """The canvas's own address, or the manifest's and the page's name."""
        return self.canvas.id or f"{self.manifest} {self.name}"

    def open(self) -> Draft:
        """Return what is to be fetched; nothing is yet."""
        image = self.canvas.image
        if image is None:
            raise BadManifest(
                _("This page of the manifest has no image."),
                path=self.place,
                hint=_("Ask the institution; the other pages are not affected."),
            )
        url = image_url(image, self.max_size)
        label = (("label", self.canvas.label),) if self.canvas.label else ()
        return Draft(
            record=(
                ("manifest", self.manifest),
                ("canvas", self.canvas.id),
                *label,
                ("image", url),
            ),
            image=url,
            suffix=_suffix(image),
            save=lambda file, target: self._save(url, file, target),
            read=self._read if self.canvas.annotations else None,
        )

    def _save(self, url: str, file: Path, target: Path) -> None:
        self.client.download(url, target).replace(file)

    def _read(self, size: Size) -> Page | None:
        regions = tuple(
            region
            for page in self.canvas.annotations
            for region in read_annotations(
                page if isinstance(page, bytes) else self.client.get(page),
                self.canvas,
                path=self.place if isinstance(page, bytes) else page,
            )
        )
        if not any(region.lines for region in regions):
            return None
        across = size[0] / self.canvas.width if self.canvas.width else 1.0
        down = size[1] / self.canvas.height if self.canvas.height else 1.0
        return Page("page", ImageRef("", *size), scaled(regions, across, down))


def pages(data: bytes, manifest: str, client: Client, max_size: int | None) -> list[CanvasPage]:
    """Return the pages of a manifest that lies at an address or in a file of that name.

    They are called by its label and their number: `deliberations-1875-0001`. Raises BadManifest.
    """
    found = read_manifest(data, path=manifest)
    stem = _slug(found.label or "") or "page"
    return [
        CanvasPage(client, manifest, canvas, f"{stem}-{number:04}", max_size)
        for number, canvas in enumerate(found.canvases, start=1)
    ]


def _slug(label: str) -> str:
    """Return a label as a file name: lower-case letters without accents, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", label).casefold().encode("ascii", "ignore").decode()
    return _NO_LETTER.sub("-", letters).strip("-")[:_LONGEST].rstrip("-")


def _suffix(image: Image) -> str:
    if isinstance(image, DirectImage):
        suffix = PurePosixPath(urlsplit(image.url).path).suffix.lower()
        return suffix if suffix in IMAGE_SUFFIXES else ".jpg"
    return ".jpg"
