"""IIIF Presentation 2 and 3 manifests into canvases, their annotation pages into regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from htr.document.page import Region
from htr.formats.safe_xml import PathLike

ApiVersion: TypeAlias = Literal[2, 3]


@dataclass(frozen=True, slots=True)
class DirectImage:
    """An image that lies at a URL, with its size in pixels where the manifest says it."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class ImageService:
    """An image behind an IIIF Image API service: its base URL without a slash at the end.

    `version` is that of the Image API, `level` its compliance level (0 makes no size to order),
    None where unknown; `width` and `height` are the whole image's in pixels, None where unknown.
    """

    url: str
    version: ApiVersion
    width: int | None = None
    height: int | None = None
    level: int | None = None


Image: TypeAlias = DirectImage | ImageService


@dataclass(frozen=True, slots=True)
class Canvas:
    """A page of a manifest; `width` and `height` are its units of length, not always pixels.

    `annotations` are the annotation pages that transcribe it or say anything else of it: the URL
    of each, or its JSON as bytes where the manifest itself holds it.
    """

    id: str
    label: str | None
    width: int | None
    height: int | None
    image: Image | None
    annotations: tuple[str | bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says: its label and its canvases in order."""

    label: str | None
    canvases: tuple[Canvas, ...]


def read_manifest(data: bytes, *, path: PathLike | None = None) -> Manifest:
    """Return what a Presentation 2 or 3 manifest holds; opens no URL.

    Raises BadManifest for anything that is not such a manifest.
    """
    raise NotImplementedError


def image_url(image: Image, max_size: int | None = None) -> str:
    """Return the URL to request an image by, no side longer than `max_size` pixels.

    None asks for the largest that there is. A direct image, and a service of level 0, can only be
    had as it is.
    """
    raise NotImplementedError


def read_annotations(
    data: bytes, canvas: Canvas, *, path: PathLike | None = None
) -> tuple[Region, ...]:
    """Return the lines of an annotation page in regions, in the canvas's units, origin top left.

    Raises BadManifest for anything that is not an annotation page (Presentation 3) or annotation
    list (Presentation 2).
    """
    raise NotImplementedError
