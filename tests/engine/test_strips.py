"""Lines cut out of a page: pixel by pixel what kraken cuts."""

import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from kraken.containers import BaselineLine, Segmentation
from kraken.lib.dataset import ImageInputTransforms
from kraken.lib.segmentation import extract_polygons
from PIL import Image

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Line
from htr.engine.strips import PADDING, Corners, Shape, cut, scaled, shapes, without_colour

Points = list[tuple[int, int]]

STRAIGHT: Points = [(30, 80), (330, 92)]
LEVEL: Points = [(30, 80), (330, 80)]
BENT: Points = [(30, 80), (120, 90), (210, 78), (330, 95)]
BACKWARDS: Points = [(330, 80), (180, 88), (30, 76)]
BOX: Points = [(20, 50), (340, 52), (345, 110), (18, 105)]
CLOSED: Points = [*BOX, BOX[0]]
# Without symmetries: of two corners equally far out, either may be kept.
ROUND: Points = [
    (round(180 + (150 + 9 * np.sin(5 * a + 1)) * np.cos(a)), round(80 + 40 * np.sin(a + 0.3)))
    for a in np.linspace(0.2, 6.4, 80, endpoint=False)
]


def noise(mode: str) -> Image.Image:
    random = np.random.default_rng(1)
    pixels = random.integers(0, 256, (150, 400, 3), np.uint8)
    return Image.fromarray(pixels).convert(mode)


def krakens(image: Image.Image, baseline: Points, polygon: Points) -> Image.Image:
    line = BaselineLine(id="line", baseline=baseline, boundary=polygon)
    bounds = Segmentation(
        type="baselines",
        imagename="",
        text_direction="horizontal-lr",
        script_detection=False,
        lines=[line],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        strip: Image.Image = next(extract_polygons(image, bounds))[0]
    return strip


def as_shape(baseline: Points, polygon: Points) -> Shape:
    return Shape(np.array(baseline, float), np.array(polygon, float))


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
@pytest.mark.parametrize("baseline", [STRAIGHT, LEVEL, BENT, BACKWARDS])
@pytest.mark.parametrize("polygon", [BOX, CLOSED, ROUND, [*ROUND, ROUND[0]]])
def test_a_strip_is_what_kraken_cuts(mode: str, baseline: Points, polygon: Points) -> None:
    image = noise(mode)
    expected = krakens(image, baseline, polygon)
    strip = cut(image, as_shape(baseline, polygon))
    assert strip is not None
    assert np.array_equal(np.asarray(strip), np.asarray(expected))


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3)])
def test_a_strip_is_scaled_as_kraken_scales_it(mode: str, channels: int) -> None:
    strip = noise("RGB")
    transform = ImageInputTransforms(1, 48, 0, channels, (PADDING, 0), valid_norm=False)
    pixels = scaled(strip, 48, mode)
    assert pixels is not None
    assert (255 - pixels) / 255 == pytest.approx(transform(strip).numpy(), abs=1e-6)


def test_a_strip_too_narrow_to_be_scaled_is_none() -> None:
    assert scaled(Image.new("L", (1, 100)), 48, "L") is None


def test_a_line_with_a_baseline_shorter_than_5_pixels_is_not_cut() -> None:
    assert cut(noise("L"), as_shape([(30, 80), (33, 82)], BOX)) is None


def test_a_line_that_bends_where_its_outline_ends_is_cut() -> None:
    # The last piece to bend has no width: the outline ends at the baseline's last corner.
    bent = as_shape([(20, 100), (63, 101), (66, 100)], [(15, 70), (63, 70), (63, 120), (15, 120)])
    strip = cut(noise("L"), bent)
    assert strip is not None
    assert strip.width == pytest.approx(49, abs=2)


def test_what_a_line_lacks_is_made_up_and_lies_on_the_page() -> None:
    image = Image.new("L", (100, 50))
    box = Polygon(((10.0, 10.0), (120.0, 10.0), (120.0, 30.0), (10.0, 30.0)))
    (found,) = shapes(image, [Line("l", polygon=box)], lambda *_: pytest.fail("none is lacking"))
    assert found is not None
    assert found.baseline.tolist() == [[10, 26], [99, 26]]
    assert found.polygon.tolist() == [[10, 10], [99, 10], [99, 30], [10, 30]]


def test_lines_without_polygon_are_outlined_among_all() -> None:
    image = Image.new("L", (100, 50))
    bare = Line("l", Baseline(((10.0, 20.0), (10.2, 20.0), (90.0, 21.0))))
    whole = Line(
        "m",
        Baseline(((10.0, 40.0), (90.0, 40.0))),
        Polygon(((9.0, 30.0), (90.0, 30.0), (90.0, 45.0))),
    )
    given: list[object] = []

    def outline(_image: Image.Image, baselines: Sequence[Corners]) -> list[Points | None]:
        given.extend(baselines)
        return [[(10, 10), (90, 10), (90, 30)], None]

    first, second, unknown = shapes(image, [bare, whole, Line("n")], outline)
    assert given == [[(10, 20), (90, 21)], [(10, 40), (90, 40)]]
    assert first is not None
    assert first.polygon.tolist() == [[10, 10], [90, 10], [90, 30]]
    assert second is not None
    assert second.polygon.tolist() == [[9, 30], [90, 30], [90, 45]]
    assert unknown is None


def test_a_line_that_cannot_be_outlined_has_no_shape() -> None:
    line = Line("l", Baseline(((10.0, 20.0), (90.0, 21.0))))
    assert shapes(Image.new("L", (100, 50)), [line], lambda *_: [None]) == [None]


def test_a_line_from_right_to_left_is_cut_from_left_to_right() -> None:
    line = Line("l", Baseline(((90.0, 20.0), (10.0, 20.0))), direction="rtl")
    ring = [(10, 10), (90, 10), (90, 30)]
    (found,) = shapes(Image.new("L", (100, 50)), [line], lambda *_: [ring])
    assert found is not None
    assert found.baseline.tolist() == [[10, 20], [90, 20]]


def test_a_grey_page_in_three_channels_is_taken_as_one() -> None:
    grey = Image.fromarray(np.arange(200 * 100, dtype=np.uint8).reshape(200, 100))
    alike = without_colour(grey.convert("RGB"))
    assert alike.mode == "L"
    assert np.array_equal(np.asarray(alike), np.asarray(grey))


@pytest.mark.parametrize("row", [0, 77, 199])
def test_one_coloured_pixel_keeps_a_page_in_colour(row: int) -> None:
    page = Image.new("RGB", (100, 200), (120, 120, 120))
    page.putpixel((50, row), (120, 121, 120))
    assert without_colour(page) is page
