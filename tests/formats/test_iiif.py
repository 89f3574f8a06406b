"""Annotation pages and manifests as they are written, and read back."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from format_strategies import pages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from htr.document.description import Description
from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.document.text import clean, direction, graphemes
from htr.formats.iiif_reader import (
    Canvas,
    DirectImage,
    Image,
    ImageService,
    Manifest,
    image_url,
    read_annotations,
    read_manifest,
)
from htr.formats.iiif_svg import read_svg, write_svg
from htr.formats.iiif_writer import (
    Leaf,
    annotations_url,
    canvas_url,
    fragment,
    write_annotations,
    write_manifest,
)

GOLDEN = Path(__file__).parent.parent / "golden"
BASE = "https://archives.example/iiif/3e12"
CANVAS = Canvas(canvas_url(BASE, "p1"), "p1", 1000, 800, None)


def word(text: str, box: Box | None = None, space: bool = True) -> Word:
    glyphs = tuple(map(Glyph, graphemes(text)))
    return Word(glyphs, box, 0.75, Space() if space else None)


def sample() -> Page:
    first = Line(
        "l1",
        Baseline(((100, 150), (400.5, 152))),
        Polygon(((100, 110), (400, 112), (400, 160), (100, 160))),
        (word("L'an", Box(100, 110, 200.2, 160)), word("«1827»", Box(210, 111, 400, 160), False)),
        0.9,
        "DefaultLine",
        corrected=True,
    )
    second = Line("l2", words=(word("שלום", None, False),), direction="rtl")
    zone = Polygon(((90, 100), (410, 100), (410, 300)))
    regions = (Region("r1", "MainZone", zone, (first,)), Region("r2", lines=(second,)))
    return Page("page", ImageRef("p1.jpg", 1000, 800), (*regions, Region("r3", "StampZone")))


LEAVES = (
    Leaf("p1", ImageService("https://iiif.example/3/p1.jpg", 3, 1000, 800, 1), 1000, 800),
    Leaf("1827/p 2é#%", ImageService("https://iiif.example/2/p2", 2, 600, 1000, 1), 600, 1000),
    Leaf("p3", DirectImage(f"{BASE}/images/p3.png", 600, 1000), 600, 1000),
)
DESCRIPTION = Description("Mariages", "fr", "Archives du Val", "3 E 12/4", "CC-BY-4.0")


def test_golden_annotations() -> None:
    data = write_annotations(sample(), name="p1", base=BASE, language="fr")
    assert data == (GOLDEN / "iiif-annotations.json").read_bytes()


def test_golden_manifest() -> None:
    data = write_manifest(LEAVES, DESCRIPTION, base=BASE)
    assert data == (GOLDEN / "iiif-manifest.json").read_bytes()


def place(box: Box | None, image: ImageRef) -> Box | None:
    """Return a box as a fragment says it."""
    said = None if box is None else fragment(box, image)
    if said is None:
        return None
    x, y, width, height = map(float, said.removeprefix("xywh=").split(","))
    return Box(x, y, x + width, y + height)


def sayable(page: Page) -> tuple[Region, ...]:
    """Return a page's regions less what IIIF cannot say."""

    def line(found: Line) -> Line:
        words = tuple(
            Word(
                tuple(Glyph(glyph.text) for glyph in one.glyphs),
                place(one.box, page.image),
                one.confidence,
                one.space and Space(),
            )
            for one in found.words
        )
        level = found.direction in ("ltr", "rtl")
        runs = found.direction if level else direction(found.text)
        return replace(found, words=words, direction=runs)

    return tuple(
        replace(region, lines=tuple(map(line, region.lines)))
        for region in page.regions
        if region.lines or region.kind is not None or region.polygon is not None
    )


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_annotations_read_back_as_far_as_iiif_says(page: Page) -> None:
    data = write_annotations(page, name="1827/p 1é", base=BASE, language="la")
    assert read_annotations(data, CANVAS) == sayable(page)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_annotations_of_lines_alone_keep_the_text(page: Page) -> None:
    data = write_annotations(page, name="p1", base=BASE, words=False)
    assert b'"word"' not in data
    read = read_annotations(data, CANVAS)
    assert [line.text for region in read for line in region.lines] == [
        clean(line.text) for line in page.lines
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_annotations_keep_the_rules_of_the_formats(page: Page) -> None:
    root = json.loads(write_annotations(page, name="p1", base=BASE))
    assert root["@context"][-1] == "http://iiif.io/api/presentation/3/context.json"
    names = [item["id"] for item in root["items"]]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"{root['id']}#") for name in names)
    for text in re.findall(r"xywh=[^\"]*", json.dumps(root)):
        x, y, width, height = map(int, text.removeprefix("xywh=").split(","))
        assert x >= 0 <= y
        assert width > 0 < height
        assert x + width <= page.image.width
        assert y + height <= page.image.height
    for item in root["items"]:
        assert item["motivation"] in ("supplementing", "tagging")


shapes = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=5)


@given(outline=shapes.filter(lambda found: len(set(found)) > 2), baseline=shapes)
def test_svg_keeps_every_point(
    outline: list[tuple[float, float]], baseline: list[tuple[float, float]]
) -> None:
    polygon, line = Polygon(tuple(outline)), Baseline(tuple(baseline))
    assert read_svg(write_svg(polygon, line)) == (polygon, line)
    assert read_svg(write_svg(polygon, None)) == (polygon, None)
    assert read_svg(write_svg(None, line)) == (None, line)


SQUARE = Polygon(((0, 0), (10, 0), (10, 5), (0, 5)))


@pytest.mark.parametrize(
    "shape",
    [
        "<path d='M0,0 L10,0 10,5 0,5z'/>",
        "<path d='M0,0 h10 v5 h-10 Z'/>",
        "<path d='m0 0l10 0l0 5l-10 0z M50 50 L 60 60 70 70 Z'/>",
        "<path d='M0,0 C1,1 2,2 10,0 Q3,3 10,5 A1 1 0 0 0 0,5 Z'/>",
        "<polygon points='0,0 10,0 10,5 0,5'/>",
        "<rect x='0' y='0' width='10' height='5'/>",
        "<g><rect width='10' height='5'/></g>",
    ],
)
def test_svg_of_others(shape: str) -> None:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{shape}</svg>"
    assert read_svg(svg) == (SQUARE, None)


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "<svg",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg><path d='M0 0 L1 1 2 0 Z'/></svg>",
        "<svg><path d='M0 0 L1e999 1 2 0 Z'/></svg>",
        "<svg><path d='M0 Z'/><polygon points='1,2 3'/></svg>",
    ],
)
def test_svg_that_says_nothing(svg: str) -> None:
    assert read_svg(svg) == (None, None)


LETTERS = st.characters(exclude_categories=["Cs"])


@settings(deadline=None)
@given(names=st.lists(st.text(LETTERS, min_size=1), min_size=1))
def test_manifests_read_back(names: list[str]) -> None:
    leaves = tuple(replace(LEAVES[0], name=name) for name in names)
    manifest = read_manifest(write_manifest(leaves, DESCRIPTION, base=f"{BASE}/"))
    assert manifest.label == "Mariages"
    for canvas, leaf in zip(manifest.canvases, leaves, strict=True):
        assert canvas.label == (leaf.name if leaf.name.strip() else None)
        assert (canvas.width, canvas.height, canvas.image) == (1000, 800, leaf.image)
        assert canvas.annotations == (annotations_url(BASE, leaf.name),)
        assert unquote(canvas.id) == f"{BASE}/canvas/{leaf.name}"


def test_every_thing_in_a_manifest_has_a_uri_of_its_own() -> None:
    names = ("a", "a/page", "a/image", "a/painting/a", "painting/a")
    leaves = tuple(replace(LEAVES[2], name=name) for name in names)
    data = write_manifest(leaves, DESCRIPTION, base=BASE).decode()
    uris = re.findall(rf'"id": "({BASE}[^"]*)"', data)
    images = uris.count(f"{BASE}/images/p3.png")
    assert len(set(uris)) == len(uris) - images + 1


def test_each_kind_of_image_comes_back() -> None:
    read = read_manifest(write_manifest(LEAVES, DESCRIPTION, base=BASE))
    assert [canvas.image for canvas in read.canvases] == [leaf.image for leaf in LEAVES]


def test_a_bare_manifest_has_a_label_and_claims_nothing() -> None:
    root: dict[str, Any] = json.loads(write_manifest(LEAVES[2:], Description(), base=BASE))
    assert root["label"] == {"none": ["p3"]}
    assert not {"metadata", "rights", "provider", "requiredStatement", "thumbnail"} & set(root)


@pytest.mark.parametrize(
    ("image", "size", "end"),
    [
        (ImageService("u", 3), None, "u/full/max/0/default.jpg"),
        (ImageService("u", 2), None, "u/full/full/0/default.jpg"),
        (ImageService("u", 1), None, "u/full/full/0/native.jpg"),
        (ImageService("u", 3), 500, "u/full/!500,500/0/default.jpg"),
        (ImageService("u", 2), 500, "u/full/!500,500/0/default.jpg"),
        (ImageService("u", 3, 1000, 2000), 500, "u/full/250,/0/default.jpg"),
        (ImageService("u", 2, 2000, 1000), 500, "u/full/500,/0/default.jpg"),
        (ImageService("u", 3, 1, 5000), 500, "u/full/1,/0/default.jpg"),
        (ImageService("u", 3, 400, 300), 500, "u/full/max/0/default.jpg"),
        (ImageService("u", 2, 1000, 2000, 0), 500, "u/full/full/0/default.jpg"),
        (DirectImage("https://a.example/p.jpg", 1000, 2000), 500, "https://a.example/p.jpg"),
    ],
)
def test_urls_of_images(image: Image, size: int | None, end: str) -> None:
    assert image_url(image, size) == end


def test_types_hash_and_compare() -> None:
    manifest = Manifest("a", (CANVAS,))
    assert manifest == Manifest("a", (replace(CANVAS),))
    assert len({manifest, Manifest("a", (CANVAS,))}) == 1
