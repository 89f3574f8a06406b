"""IIIF Presentation 2 and 3 manifests into canvases; opens no URL.

`read_annotations`, for the annotation pages that canvases name, is given with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from htr.errors import BadManifest
from htr.formats.iiif_annotations import read_annotations
from htr.formats.iiif_json import (
    Json,
    length,
    name_of,
    objects,
    parse_json,
    several,
    text_of,
    type_of,
)
from htr.formats.iiif_types import (
    ApiVersion,
    Canvas,
    DirectImage,
    Image,
    ImageService,
    Manifest,
    image_url,
)
from htr.formats.safe_xml import PathLike
from htr.i18n import _

__all__ = [
    "ApiVersion",
    "Canvas",
    "DirectImage",
    "Image",
    "ImageService",
    "Manifest",
    "image_url",
    "read_annotations",
    "read_manifest",
]

_LEVEL = re.compile(r"level(\d)")
_VERSION_ONE = re.compile(r"image-api/1|image/1")


def read_manifest(data: bytes, *, path: PathLike | None = None) -> Manifest:
    """Return what a Presentation 2 or 3 manifest holds; opens no URL.

    Raises BadManifest for anything that is not such a manifest, or one without canvases.
    """
    root = parse_json(data, path=path)
    kind = type_of(root)
    if kind == "Collection":
        raise BadManifest(
            _("This is an IIIF collection, a list of manifests."),
            path=path,
            hint=_("Give the address of one of its manifests."),
        )
    if kind != "Manifest":
        raise BadManifest(
            _("The file is JSON, but not an IIIF manifest (version 2 or 3)."),
            path=path,
            hint=_("Give the address of the manifest itself, not of the page that shows it."),
        )
    if "sequences" in root:
        sequences = objects(root["sequences"])
        canvases = tuple(
            map(_old_canvas, objects(sequences[0].get("canvases") if sequences else ()))
        )
    else:
        items = objects(root.get("items"))
        canvases = tuple(_canvas(item) for item in items if type_of(item) == "Canvas")
    if not canvases:
        raise BadManifest(
            _("The manifest has no canvas, so no page."),
            path=path,
            hint=_("Look at it in the portal's own viewer: it may be of another kind."),
        )
    return Manifest(text_of(root.get("label")), canvases)


def _canvas(item: Json) -> Canvas:
    """Return a canvas of version 3: its first painting annotation's body is its image."""
    paintings = [
        annotation
        for page in objects(item.get("items"))
        for annotation in objects(page.get("items"))
        if annotation.get("motivation") == "painting"
    ]
    bodies = [body for painting in paintings for body in _choices(painting.get("body"))]
    pages = several(item.get("annotations"))
    return Canvas(
        id=name_of(item),
        label=text_of(item.get("label")),
        width=length(item.get("width")),
        height=length(item.get("height")),
        image=_first_image(bodies),
        annotations=tuple(_annotation_pages(pages, "items")),
    )


def _old_canvas(item: Json) -> Canvas:
    """Return a canvas of version 2: its first image's resource is its image."""
    resources = [
        resource
        for image in objects(item.get("images"))
        for resource in _choices(image.get("resource"))
    ]
    return Canvas(
        id=name_of(item),
        label=text_of(item.get("label")),
        width=length(item.get("width")),
        height=length(item.get("height")),
        image=_first_image(resources),
        annotations=tuple(_annotation_pages(several(item.get("otherContent")), "resources")),
    )


def _choices(value: object) -> Iterator[Json]:
    """Return the bodies of an annotation, those between which a viewer may choose one by one."""
    for body in objects(value):
        if type_of(body) == "Choice":
            yield from objects(body.get("items"))
            yield from objects(body.get("default"))
        elif type_of(body) == "SpecificResource":
            yield from objects(body.get("source", body.get("full")))
        else:
            yield body


def _annotation_pages(pages: list[object], content: str) -> Iterator[str | bytes]:
    for page in pages:
        if isinstance(page, dict) and content in page:
            yield json.dumps(page).encode()
        elif name := name_of(page):
            yield name


def _first_image(bodies: list[Json]) -> Image | None:
    return next((image for body in bodies if (image := _image(body))), None)


def _image(body: Json) -> Image | None:
    if type_of(body) not in ("Image", ""):
        return None
    size = (length(body.get("width")), length(body.get("height")))
    services = (_service(service, size) for service in objects(body.get("service")))
    service = next(filter(None, services), None)
    if service is not None:
        return service
    url = name_of(body)
    return DirectImage(url, *size) if url else None


def _service(service: Json, size: tuple[int | None, int | None]) -> ImageService | None:
    """Return an image service; None for other services, as authentication or search."""
    profile = " ".join(str(part) for part in several(service.get("profile")))
    said = f"{type_of(service)} {service.get('@context', '')} {profile}"
    url = name_of(service).removesuffix("/info.json").rstrip("/")
    version: ApiVersion
    if "ImageService3" in said or "image/3" in said:
        version = 3
    elif "ImageService1" in said or _VERSION_ONE.search(said):
        version = 1
    elif "ImageService2" in said or "image/2" in said:
        version = 2
    else:
        return None
    level = _LEVEL.search(profile)
    own = (length(service.get("width")), length(service.get("height")))
    width, height = own if all(own) else size
    if not url:
        return None
    return ImageService(url, version, width, height, int(level[1]) if level else None)
