"""What IIIF manifests are made of, as far as pages need it, and the URLs of their images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ApiVersion: TypeAlias = Literal[1, 2, 3]

# A number, exact, on an annotation: an absolute IRI needs no context of its own in JSON-LD.
CONFIDENCE = "urn:htr:confidence"


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


def image_url(image: Image, max_size: int | None = None) -> str:
    """Return the URL to request an image by, no side longer than `max_size` pixels.

    None asks for the largest that there is. A direct image, and a service of level 0, can only be
    had as it is. Image API 3.0 and 2.1, section 4; 1.1, section 4. Where the image's size is known
    it is asked for by its width, which servers of level 1 make too.
    """
    if isinstance(image, DirectImage):
        return image.url
    quality = "native" if image.version == 1 else "default"
    return f"{image.url}/full/{_size(image, max_size)}/0/{quality}.jpg"


def _size(image: ImageService, max_size: int | None) -> str:
    largest = "max" if image.version == 3 else "full"
    if max_size is None or image.level == 0:
        return largest
    if not image.width or not image.height:
        return f"!{max_size},{max_size}"
    if max(image.width, image.height) <= max_size:
        return largest
    return f"{max(1, image.width * max_size // max(image.width, image.height))},"
