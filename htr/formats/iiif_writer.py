"""Pages of a register into a IIIF Presentation 3 manifest, and their text into annotation pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from urllib.parse import quote

from htr.document.description import Description
from htr.document.geometry import Box
from htr.document.page import ImageRef, Line, Page, Region, Word
from htr.document.text import direction
from htr.formats.ids import with_ids
from htr.formats.iiif_json import Json
from htr.formats.iiif_svg import write_svg
from htr.formats.iiif_types import CONFIDENCE, Image, ImageService, image_url
from htr.formats.media import media_type

_PRESENTATION = "http://iiif.io/api/presentation/3/context.json"
_GRANULARITY = "http://iiif.io/api/extension/text-granularity/context.json"
_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_THUMBNAIL = 200  # pixels, the longer side


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as the manifest shows it: its name in the register, its image, that image's size."""

    name: str
    image: Image
    width: int
    height: int


def manifest_url(base: str) -> str:
    """Return the manifest's address below the base URL."""
    return f"{base.rstrip('/')}/manifest.json"


def canvas_url(base: str, name: str) -> str:
    """Return the URI of a page's canvas."""
    return f"{base.rstrip('/')}/canvas/{quote(name)}"


def annotations_url(base: str, name: str) -> str:
    """Return the address of a page's annotation page."""
    return f"{base.rstrip('/')}/annotations/{quote(name)}.json"


def write_manifest(leaves: Sequence[Leaf], description: Description, *, base: str) -> bytes:
    """Return pages in their order (one at least) as a manifest, to be served at `manifest_url`.

    A licence that IIIF knows becomes `rights`; the creator is the `provider`; creator, reference
    and licence make the `requiredStatement`. Labels are in English and French.
    """
    language = description.language or "none"
    title = description.title or description.source or leaves[0].name
    root: Json = {
        "@context": _PRESENTATION,
        "id": manifest_url(base),
        "type": "Manifest",
        "label": {language if description.title else "none": [title]},
    }
    entries = [
        _entry(("Reference", "Cote"), description.source),
        _entry(("Institution", "Institution"), description.creator),
        _entry(("Language", "Langue"), description.language),
        _entry(("Licence", "Licence"), description.licence),
    ]
    known = (description.creator, description.source, description.licence)
    statement = _entry(("Attribution", "Mention de source"), ", ".join(filter(None, known)) or None)
    if any(entries):
        root["metadata"] = [entry for entry in entries if entry]
    if statement:
        root["requiredStatement"] = statement
    if description.licence_uri:
        root["rights"] = description.licence_uri
    if description.creator:
        agent = {"id": f"{base.rstrip('/')}/provider", "type": "Agent"}
        root["provider"] = [{**agent, "label": {"none": [description.creator]}}]
    if isinstance(leaves[0].image, ImageService):
        root["thumbnail"] = [_thumbnail(leaves[0], leaves[0].image)]
    root["items"] = [_canvas(leaf, base) for leaf in leaves]
    return _bytes(root)


def _entry(labels: tuple[str, str], value: str | None) -> Json | None:
    if value is None:
        return None
    english, french = labels
    return {"label": {"en": [english], "fr": [french]}, "value": {"none": [value]}}


def _bytes(root: Json) -> bytes:
    return (json.dumps(root, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _canvas(leaf: Leaf, base: str) -> Json:
    name = canvas_url(base, leaf.name)
    place = quote(leaf.name)
    painting = {
        "id": f"{base.rstrip('/')}/painting/{place}",
        "type": "Annotation",
        "motivation": "painting",
        "body": _body(leaf),
        "target": name,
    }
    canvas: Json = {
        "id": name,
        "type": "Canvas",
        "label": {"none": [leaf.name]},
        "width": leaf.width,
        "height": leaf.height,
    }
    if isinstance(leaf.image, ImageService):
        canvas["thumbnail"] = [_thumbnail(leaf, leaf.image)]
    canvas["items"] = [_page(f"{base.rstrip('/')}/paintings/{place}", items=[painting])]
    canvas["annotations"] = [_page(annotations_url(base, leaf.name))]
    return canvas


def _page(name: str, **content: list[Json]) -> Json:
    return {"id": name, "type": "AnnotationPage", **content}


def _body(leaf: Leaf) -> Json:
    url = image_url(leaf.image)
    body: Json = {"id": url, "type": "Image", "format": media_type(url)}
    body |= {"width": leaf.width, "height": leaf.height}
    if isinstance(leaf.image, ImageService):
        body["service"] = [_service(leaf.image)]
    return body


def _service(image: ImageService) -> Json:
    """Return an image service as Presentation 3.0 has it; version 2 keeps its own keywords."""
    level = f"level{image.level or 1}"
    if image.version == 3:
        return {"id": image.url, "type": "ImageService3", "profile": level}
    profile = f"http://iiif.io/api/image/2/{level}.json"
    return {"@id": image.url, "@type": "ImageService2", "profile": profile}


def _thumbnail(leaf: Leaf, image: ImageService) -> Json:
    url = image_url(image, _THUMBNAIL)
    scale = min(1.0, _THUMBNAIL / max(leaf.width, leaf.height))
    size = {
        "width": max(1, floor(leaf.width * scale)),
        "height": max(1, floor(leaf.height * scale)),
    }
    thumbnail: Json = {"id": url, "type": "Image", "format": "image/jpeg", **size}
    return {**thumbnail, "service": [_service(image)]}


def write_annotations(
    page: Page, *, name: str, base: str, language: str | None = None, words: bool = True
) -> bytes:
    """Return a page's text as an annotation page of its canvas, served at `annotations_url`.

    A line is an annotation that supplements the canvas: text, place as `xywh` (whole pixels, within
    the page) and as SVG where outline or baseline are known, its kind as a tag. With `words`, each
    word follows its line. Levels are told by the Text Granularity extension. A region of a kind or
    outline is a tag of level `block`. URIs are those of the annotation page with `#REGION`,
    `#REGION/LINE`, `#REGION/LINE/NUMBER`. Confidences are under the key `urn:htr:confidence`; a
    line that a person corrected has a person as `creator`.
    """
    page = with_ids(page)
    own = annotations_url(base, name)
    canvas = canvas_url(base, name)
    writer = _Annotations(own, canvas, page.image, language, words)
    root: Json = {
        "@context": [_GRANULARITY, _PRESENTATION],
        "id": own,
        "type": "AnnotationPage",
        "items": [item for region in page.regions for item in writer.region(region)],
    }
    return _bytes(root)


@dataclass(frozen=True, slots=True)
class _Annotations:
    """What the annotations of one page have in common."""

    own: str
    canvas: str
    image: ImageRef
    language: str | None
    words: bool

    def region(self, region: Region) -> Iterator[Json]:
        name = f"{self.own}#{quote(region.id)}"
        if region.kind is not None or region.polygon is not None:
            item: Json = {
                "id": name,
                "type": "Annotation",
                "motivation": "tagging",
                "textGranularity": "block",
            }
            if region.kind is not None:
                item["body"] = _tag(region.kind)
            svg = write_svg(region.polygon, None) if region.polygon else None
            box = region.polygon.box if region.polygon else None
            yield {**item, "target": self._target(box, svg)}
        for line in region.lines:
            yield from self._line(line, f"{name}/{quote(line.id)}")

    def _line(self, line: Line, name: str) -> Iterator[Json]:
        body = self._text(line.text)
        if line.direction in ("ltr", "rtl") and direction(line.text) != line.direction:
            body["textDirection"] = line.direction
        item = self._item(name, "line", line.confidence)
        if line.corrected:
            item["creator"] = {"type": "Person"}
        item["body"] = [body, _tag(line.kind)] if line.kind is not None else body
        shaped = line.polygon is not None or line.baseline is not None
        svg = write_svg(line.polygon, line.baseline) if shaped else None
        yield {**item, "target": self._target(line.box, svg)}
        for number, word in enumerate(line.words if self.words else (), start=1):
            yield self._word(word, f"{name}/{number}")

    def _word(self, word: Word, name: str) -> Json:
        item = self._item(name, "word", word.confidence)
        return {**item, "body": self._text(word.text), "target": self._target(word.box, None)}

    def _item(self, name: str, level: str, confidence: float | None) -> Json:
        item: Json = {
            "id": name,
            "type": "Annotation",
            "motivation": "supplementing",
            "textGranularity": level,
        }
        return item if confidence is None else {**item, CONFIDENCE: confidence}

    def _text(self, value: str) -> Json:
        body = {"type": "TextualBody", "value": value, "format": "text/plain"}
        return body if self.language is None else {**body, "language": self.language}

    def _target(self, box: Box | None, svg: str | None) -> str | Json:
        place = None if box is None else fragment(box, self.image)
        if svg is None:
            return self.canvas if place is None else f"{self.canvas}#{place}"
        selectors: list[Json] = [{"type": "SvgSelector", "value": svg}]
        if place is not None:
            selector = {"type": "FragmentSelector", "conformsTo": _FRAGMENTS, "value": place}
            selectors.insert(0, selector)
        return {"type": "SpecificResource", "source": self.canvas, "selector": selectors}


def _tag(kind: str) -> Json:
    return {"type": "TextualBody", "purpose": "tagging", "value": kind, "format": "text/plain"}


def fragment(box: Box, image: ImageRef) -> str | None:
    """Return the smallest `xywh` of whole pixels that holds a box as far as it is on the page.

    A pixel across at least; None where nothing of it is on the page, since Media Fragments 1.0 has
    no negative numbers.
    """
    left, top = max(0, floor(box.left)), max(0, floor(box.top))
    right = min(image.width, max(ceil(box.right), floor(box.left) + 1))
    bottom = min(image.height, max(ceil(box.bottom), floor(box.top) + 1))
    if right <= left or bottom <= top:
        return None
    return f"xywh={left},{top},{right - left},{bottom - top}"
