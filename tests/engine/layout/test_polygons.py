"""Polygons of lines, against kraken's own on a drawn page."""

import numpy as np
import pytest
import shapely
from kraken.lib.segmentation import calculate_polygonal_environment
from PIL import Image, ImageDraw

from htr.engine.layout import outlined
from htr.engine.layout.polygons import polygons
from htr.engine.layout.seams import features

BASELINES = [
    [(30, 60), (200, 62), (370, 58)],
    [(30, 110), (370, 112)],
    [(30, 160), (150, 155)],
    [(210, 165), (370, 150)],
]


@pytest.fixture(scope="module")
def grey() -> np.ndarray:
    """A page with strokes above each baseline."""
    image = Image.new("L", (400, 220), 230)
    draw = ImageDraw.Draw(image)
    random = np.random.default_rng(3)
    for line in BASELINES:
        (left, foot), (right, end) = line[0], line[-1]
        for x in range(left, right, 7):
            y = foot + (end - foot) * (x - left) / (right - left)
            draw.line((x, y, x + 4, y - int(random.integers(8, 22))), fill=30, width=2)
    return np.array(image)


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    first, second = (shapely.make_valid(shapely.Polygon(ring)) for ring in (one, other))
    return float(first.intersection(second).area / first.union(second).area)


@pytest.mark.parametrize("topline", [False, True])
def test_polygons_are_krakens(grey: np.ndarray, topline: bool) -> None:
    theirs = calculate_polygonal_environment(
        Image.fromarray(grey), BASELINES, topline=topline, raise_on_error=True
    )
    ours = polygons(features(grey), [np.array(line) for line in BASELINES], topline=topline)
    found = [ring for ring in ours if ring is not None]
    assert len(found) == len(theirs) == 4
    assert min(overlap(a, b) for a, b in zip(found, theirs, strict=True)) > 0.9
    assert np.mean([overlap(a, b) for a, b in zip(found, theirs, strict=True)]) > 0.97


def test_a_line_does_not_reach_out_of_its_region(grey: np.ndarray) -> None:
    region = np.array([(10, 95), (390, 95), (390, 125), (10, 125), (10, 95)])
    (ring,) = polygons(features(grey), [np.array(BASELINES[1])], [region])
    assert ring is not None
    assert ring[:, 1].min() >= 95
    assert ring[:, 1].max() <= 125


def test_a_region_elsewhere_does_not_bound_a_line(grey: np.ndarray) -> None:
    far = np.array([(10, 75), (390, 75), (390, 90), (10, 90), (10, 75)])
    with_it, without = (
        polygons(features(grey), [np.array(BASELINES[1])], regions)[0] for regions in ([far], [])
    )
    assert with_it is not None
    assert without is not None
    assert np.array_equal(with_it, without)


def test_the_polygon_holds_its_letters(grey: np.ndarray) -> None:
    for line, ring in zip(
        BASELINES, polygons(features(grey), [np.array(line) for line in BASELINES]), strict=True
    ):
        middle = shapely.LineString(line).interpolate(0.5, normalized=True)
        assert ring is not None
        assert shapely.Polygon(ring).buffer(1).contains(shapely.Point(middle.x, middle.y - 8))


def test_a_page_without_lines_has_no_polygons(grey: np.ndarray) -> None:
    assert polygons(features(grey), []) == []


def test_a_line_at_the_pages_edge_is_given_up_or_drawn(grey: np.ndarray) -> None:
    edge = [np.array([(30, 0), (370, 0)]), np.array([(0, 60), (399, 60)])]
    rings = polygons(features(grey), edge)
    assert rings[0] is None
    assert rings[1] is not None


def test_given_baselines_are_outlined_at_any_scale(grey: np.ndarray) -> None:
    small = outlined(Image.fromarray(grey), BASELINES)
    large = Image.fromarray(grey).resize((400 * 9, 220 * 9))
    wide = outlined(large, [[(x * 9, y * 9) for x, y in line] for line in BASELINES])
    for one, other in zip(small, wide, strict=True):
        assert one is not None
        assert other is not None
        assert overlap(one * 9, other) > 0.6


def test_a_baseline_of_no_length_is_not_outlined(grey: np.ndarray) -> None:
    assert outlined(Image.fromarray(grey), [[(50, 60), (50, 60)]]) == [None]
