"""The layout by our own steps beside that by kraken's, with the real network."""

import pytest
import shapely
from PIL import Image

from htr.document.page import Line, Region
from htr.engine import EngineSpec, load, models
from htr.resources import data_folder

pytestmark = pytest.mark.model


def segmented(image: Image.Image, *, exact: bool) -> tuple[Region, ...]:
    spec = EngineSpec(models.recogniser(None), models.segmenter(None), exact_layout=exact)
    return load(spec).segment(image)


def area(line: Line | Region) -> shapely.Polygon:
    assert line.polygon is not None
    return shapely.make_valid(shapely.Polygon(line.polygon.points))


def overlap(one: Line | Region, other: Line | Region) -> float:
    first, second = area(one), area(other)
    return float(first.intersection(second).area / first.union(second).area)


def compare(image: Image.Image) -> None:
    """Assert that both ways find the same regions and lines, in the same order."""
    ours, theirs = (segmented(image, exact=exact) for exact in (False, True))
    assert [region.kind for region in ours] == [region.kind for region in theirs]
    lines = [[line for region in found for line in region.lines] for found in (ours, theirs)]
    assert len(lines[0]) == len(lines[1]) > 5
    overlaps = [overlap(mine, other) for mine, other in zip(*lines, strict=True)]
    assert sum(overlaps) / len(overlaps) >= 0.97
    assert min(overlaps) > 0.5


def test_a_page_of_the_sample_is_laid_out_as_by_kraken() -> None:
    with Image.open(sorted(data_folder("sample").glob("*.jpg"))[0]) as image:
        compare(image.convert("RGB"))
