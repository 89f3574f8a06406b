"""Manifests and annotations as other institutions serve them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.geometry import Baseline, Box, Polygon
from htr.errors import BadManifest
from htr.formats.iiif_reader import (
    Canvas,
    DirectImage,
    Image,
    ImageService,
    read_annotations,
    read_manifest,
)
from htr.formats.values import box_polygon

CANVAS = Canvas("https://a.example/canvas/1", "f. 1", 1000, 2000, None)
Json = dict[str, Any]


def old_manifest(*canvases: Json) -> Json:
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://a.example/manifest.json",
        "@type": "sc:Manifest",
        "label": [{"@value": "Registre", "@language": "fr"}, {"@value": "Register"}],
        "sequences": [{"@type": "sc:Sequence", "canvases": list(canvases)}],
    }


def old_canvas(service: object, **more: object) -> Json:
    return {
        "@id": CANVAS.id,
        "@type": "sc:Canvas",
        "label": "f. 1",
        "width": 1000,
        "height": 2000,
        "images": [
            {
                "@type": "oa:Annotation",
                "motivation": "sc:painting",
                "resource": {
                    "@id": "https://a.example/1/full/full/0/default.jpg",
                    "@type": "dctypes:Image",
                    "width": 3000,
                    "height": 6000,
                    **({} if service is None else {"service": service}),
                },
                "on": CANVAS.id,
            }
        ],
        **more,
    }


def image_of(service: object) -> Image | None:
    data = json.dumps(old_manifest(old_canvas(service))).encode()
    return read_manifest(data).canvases[0].image


@pytest.mark.parametrize(
    ("service", "image"),
    [
        (
            {
                "@context": "http://iiif.io/api/image/2/context.json",
                "@id": "https://a.example/iiif/1/",
                "profile": ["http://iiif.io/api/image/2/level2.json", {"formats": ["jpg"]}],
            },
            ImageService("https://a.example/iiif/1", 2, 3000, 6000, 2),
        ),
        (
            [
                {"@id": "https://a.example/auth", "profile": "http://iiif.io/api/auth/1/login"},
                {
                    "@context": "http://iiif.io/api/image/2/context.json",
                    "@id": "https://a.example/1",
                    "profile": "http://iiif.io/api/image/2/level0.json",
                    "width": 300,
                    "height": 600,
                },
            ],
            ImageService("https://a.example/1", 2, 300, 600, 0),
        ),
        (
            {
                "@context": "http://iiif.io/api/image/1/context.json",
                "@id": "https://gallica.example/iiif/ark:/12148/b1/f1",
                "profile": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2",
            },
            ImageService("https://gallica.example/iiif/ark:/12148/b1/f1", 1, 3000, 6000, 2),
        ),
        (None, DirectImage("https://a.example/1/full/full/0/default.jpg", 3000, 6000)),
        (
            {"profile": "http://iiif.io/api/search/1/search", "@id": "https://a.example/s"},
            DirectImage("https://a.example/1/full/full/0/default.jpg", 3000, 6000),
        ),
    ],
)
def test_services_of_version_2(service: object, image: Image) -> None:
    assert image_of(service) == image


def test_a_manifest_of_version_2() -> None:
    embedded = {"@type": "sc:AnnotationList", "resources": []}
    lists = [{"@id": "https://a.example/list/1", "@type": "sc:AnnotationList"}, embedded]
    canvas = old_canvas(None, otherContent=lists)
    manifest = read_manifest(json.dumps(old_manifest(canvas, old_canvas(None))).encode())
    assert manifest.label == "Registre"
    first, second = manifest.canvases
    assert (first.id, first.label, first.width, first.height) == (CANVAS.id, "f. 1", 1000, 2000)
    assert first.annotations == ("https://a.example/list/1", json.dumps(embedded).encode())
    assert second.annotations == ()


def new_manifest(body: object, **more: object) -> bytes:
    painting = {"type": "Annotation", "motivation": "painting", "body": body, "target": CANVAS.id}
    canvas = {
        "id": CANVAS.id,
        "type": "Canvas",
        "width": 1000,
        "height": 2000.0,
        "items": [{"type": "AnnotationPage", "items": [painting]}],
        **more,
    }
    root = {"type": "Manifest", "label": {"fr": ["Registre"], "en": ["Register"]}}
    return json.dumps({**root, "items": [canvas, {"type": "Range"}]}).encode()


def test_a_manifest_of_version_3() -> None:
    service = {"id": "https://a.example/3/1", "type": "ImageService3", "profile": "level2"}
    body = {"id": "https://a.example/1.jpg", "type": "Image", "service": [service]}
    manifest = read_manifest(new_manifest(body, annotations=[{"id": "https://a.example/ap/1"}]))
    assert manifest.label == "Registre"
    (canvas,) = manifest.canvases
    image = ImageService("https://a.example/3/1", 3, None, None, 2)
    expected = Canvas(CANVAS.id, None, 1000, 2000, image, ("https://a.example/ap/1",))
    assert canvas == expected


def test_an_image_that_is_one_of_several_or_a_part() -> None:
    image = {"id": "https://a.example/1.jpg", "type": "Image"}
    for body in (
        {"type": "Choice", "items": [image, {"id": "https://a.example/uv.jpg", "type": "Image"}]},
        {"type": "SpecificResource", "source": image, "selector": {"type": "ImageApiSelector"}},
        [{"id": "https://a.example/1.mp3", "type": "Sound"}, image],
    ):
        (canvas,) = read_manifest(new_manifest(body)).canvases
        assert canvas.image == DirectImage("https://a.example/1.jpg")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not JSON"),
        (b"<html></html>", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "holds no IIIF"),
        (b'{"type": "Collection", "items": []}', "collection"),
        (b'{"@type": "sc:Collection"}', "collection"),
        (b'{"type": "AnnotationPage"}', "not an IIIF manifest"),
        (b'{"type": "Manifest"}', "no canvas"),
        (b'{"@type": "sc:Manifest", "sequences": []}', "no canvas"),
    ],
)
def test_what_is_no_manifest_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(BadManifest, match=message) as caught:
        read_manifest(data, path="https://a.example/m")
    assert caught.value.path == "https://a.example/m"
    assert caught.value.hint


def test_what_is_no_annotation_page_is_refused_by_name() -> None:
    with pytest.raises(BadManifest, match="annotation page") as caught:
        read_annotations(b'{"type": "Manifest"}', CANVAS, path="a.json")
    assert caught.value.path == "a.json"


def new_page(*items: Json) -> bytes:
    return json.dumps({"type": "AnnotationPage", "items": list(items)}).encode()


def note(text: str, target: object, **more: object) -> Json:
    body = {"type": "TextualBody", "value": text}
    item = {"type": "Annotation", "motivation": "supplementing", "body": body, "target": target}
    return {"id": "https://a.example/anno/1", **item, **more}


def test_lines_of_others_by_their_boxes() -> None:
    data = new_page(
        note("L'an  mil", f"{CANVAS.id}#xywh=10,20,100,30"),
        note("huit cent", {"id": f"{CANVAS.id}#xywh=percent:1,2.5,10,1", "type": "Canvas"}),
        note("שלום", {"type": "SpecificResource", "source": {"id": CANVAS.id}, "selector": {
            "type": "FragmentSelector", "value": "xywh=pixel:1,2,3,4"}}),
        note("un commentaire", CANVAS.id, motivation="commenting"),
        note("sans lieu", CANVAS.id, motivation=["supplementing", "tagging"]),
    )  # fmt: skip
    (region,) = read_annotations(data, CANVAS)
    assert [line.text for line in region.lines] == ["L'an mil", "huit cent", "שלום", "sans lieu"]
    assert [line.polygon for line in region.lines] == [
        box_polygon(Box(10, 20, 110, 50)),
        box_polygon(Box(10, 50, 110, 70)),
        box_polygon(Box(1, 2, 4, 6)),
        None,
    ]
    assert [line.direction for line in region.lines] == ["ltr", "ltr", "rtl", "ltr"]
    names = [line.id for line in region.lines]
    assert len(set(names)) == 4
    assert all(names)


def test_lists_of_version_2_with_svg_and_html() -> None:
    svg = "<svg><path d='M0,0 L10,0 10,5Z'/><path d='M0,4 L10,4'/></svg>"
    resources = [
        {
            "@type": "oa:Annotation",
            "motivation": "sc:painting",
            "resource": {"@type": "cnt:ContentAsText", "chars": "ligne", "format": "text/plain"},
            "on": f"{CANVAS.id}#xywh=1,2,3,4",
        },
        {
            "@type": "oa:Annotation",
            "motivation": ["oa:transcribing"],
            "resource": [
                {"@type": "dctypes:Text", "chars": "<p>Le <b>26</b> mai &amp;</p>",
                 "format": "text/html"}
            ],
            "on": [{
                "@type": "oa:SpecificResource",
                "full": CANVAS.id,
                "selector": {
                    "@type": "oa:Choice",
                    "default": {"@type": "oa:FragmentSelector", "value": "xywh=0,0,10,5"},
                    "item": {"@type": "oa:SvgSelector", "value": svg},
                },
            }],
        },
    ]  # fmt: skip
    data = json.dumps({"@type": "sc:AnnotationList", "resources": resources}).encode()
    ((first, second),) = (region.lines for region in read_annotations(data, CANVAS))
    assert (first.text, first.polygon) == ("ligne", box_polygon(Box(1, 2, 4, 6)))
    assert second.text == "Le 26 mai &"
    assert second.polygon == Polygon(((0, 0), (10, 0), (10, 5)))
    assert second.baseline == Baseline(((0, 4), (10, 4)))


def test_a_text_of_several_lines_is_a_region_of_lines() -> None:
    data = new_page(note("une\n\n deux \n", f"{CANVAS.id}#xywh=0,0,10,10", bodyValue=None))
    (region,) = read_annotations(data, CANVAS)
    assert [line.text for line in region.lines] == ["une", "deux"]
    assert [line.polygon for line in region.lines] == [None, None]
    assert region.polygon == box_polygon(Box(0, 0, 10, 10))


def test_lines_are_taken_where_other_levels_stand_beside_them() -> None:
    place = f"{CANVAS.id}#xywh=0,0,10,10"
    items = [note(level, place, textGranularity=level) for level in ("page", "word", "line")]
    (region,) = read_annotations(new_page(*items), CANVAS)
    assert [line.text for line in region.lines] == ["line"]
    (region,) = read_annotations(new_page(*items[:2]), CANVAS)
    assert [line.text for line in region.lines] == ["page"]


def test_a_person_s_text_is_corrected_and_a_machine_s_is_not() -> None:
    data = new_page(
        note("a", CANVAS.id, creator={"type": "Person", "name": "A. B."}),
        note("b", CANVAS.id, creator={"type": "Software"}),
        note("c", CANVAS.id),
    )
    (region,) = read_annotations(data, CANVAS)
    assert [line.corrected for line in region.lines] == [True, False, False]


KEYS = [
    *("id", "@id", "type", "@type", "items", "label", "service", "profile", "sequences", "source"),
    *("canvases", "images", "resource", "resources", "body", "target", "on", "full", "value"),
    *("motivation", "selector", "width", "height", "annotations", "chars", "creator"),
]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.sampled_from(("Canvas", "Manifest", "Image", "painting", "supplementing", "xywh=1,2,3,4")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(root=st.dictionaries(st.sampled_from(("items", "sequences", "label")), values))
def test_no_manifest_breaks_the_reader(root: Json) -> None:
    data = json.dumps({**root, "type": "Manifest"}).encode()
    try:
        manifest = read_manifest(data)
    except BadManifest:
        return
    hash(manifest)


@given(items=st.lists(values, max_size=4))
def test_no_annotation_page_breaks_the_reader(items: list[object]) -> None:
    data = json.dumps({"type": "AnnotationPage", "items": items}).encode()
    for region in read_annotations(data, CANVAS):
        hash(region)
