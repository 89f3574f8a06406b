"""The sample register's pages and truth agree with each other and with the pixels."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from htr.document.geometry import Box
from htr.document.page import Line, Page
from htr.document.text import clean, graphemes
from htr.formats import read

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "sample"
NAMES = (
    "cloture-1875",
    "deliberations-1875",
    "mariage-1811",
    "repertoire-notaire-1827",
    "table-decennale-1863-1872",
)
WORD_CONTRAST = 8.0  # grey levels between paper and the mean of a word's box, at least
GLYPH_CONTRAST = 30.0  # grey levels between paper and the darkest point of a glyph, at least
ZONES = {"MainZone", "MarginTextZone", "NumberingZone", "RunningTitleZone", "TableZone"}


def _page(name: str) -> Page:
    return read((SAMPLE / f"{name}.xml").read_bytes())


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest) -> Page:
    return _page(request.param)


def _within(inner: Box, outer: Box, slack: float) -> bool:
    return (
        inner.left >= outer.left - slack
        and inner.top >= outer.top - slack
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def _boxes(line: Line) -> Iterator[tuple[Box, Box]]:
    """Yield every box inside the line with the box that must hold it."""
    assert line.polygon is not None
    for word in line.words:
        assert word.box is not None
        yield word.box, line.polygon.box
        for glyph in word.glyphs:
            assert glyph.box is not None
            yield glyph.box, word.box


def test_every_page_has_its_truth() -> None:
    assert sorted(path.stem for path in SAMPLE.glob("*.jpg")) == list(NAMES)
    assert sorted(path.stem for path in SAMPLE.glob("*.xml")) == list(NAMES)


def test_the_register_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) <= 2 * 1024 * 1024


def test_the_truth_describes_its_image(page: Page) -> None:
    image = SAMPLE / page.image.name
    assert page.image.sha256 == hashlib.sha256(image.read_bytes()).hexdigest()
    with Image.open(image) as opened:
        assert opened.size == (page.image.width, page.image.height)
        assert 1600 <= max(opened.size) <= 2200
        assert opened.info["dpi"] == (150, 150)


def test_lines_hold_text_in_the_models_form(page: Page) -> None:
    assert list(page.lines)
    for line in page.lines:
        assert line.text
        assert line.text == clean(line.text)
        assert line.text == " ".join(word.text for word in line.words)
        assert not set(line.text) & set("’‘«»“”\u00ad")
        for word in line.words:
            assert graphemes(word.text) == tuple(glyph.text for glyph in word.glyphs)


def test_regions_and_lines_are_of_segmontos_kinds(page: Page) -> None:
    assert {region.kind for region in page.regions} <= ZONES
    assert {line.kind for line in page.lines} <= {"DefaultLine", "HeadingLine"}


def test_boxes_lie_in_their_lines_and_in_the_image(page: Page) -> None:
    image = Box(0, 0, page.image.width, page.image.height)
    for line in page.lines:
        for inner, outer in _boxes(line):
            assert inner.width > 0
            assert inner.height > 0
            assert _within(inner, outer, slack=2), (line.text, inner, outer)
            assert _within(inner, image, slack=0), (line.text, inner)


def test_baselines_run_under_their_words(page: Page) -> None:
    for line in page.lines:
        assert line.baseline is not None
        assert line.polygon is not None
        assert _within(line.baseline.box, line.polygon.box, slack=20), line.text
        xs = [x for x, _y in line.baseline.points]
        assert xs == sorted(xs)


def test_lines_lie_in_their_regions(page: Page) -> None:
    for region in page.regions:
        assert region.polygon is not None
        for line in region.lines:
            assert line.baseline is not None
            assert _within(line.baseline.box, region.polygon.box, slack=3), line.text


def _pixels(grey: npt.NDArray[np.float64], box: Box, air: int = 0) -> npt.NDArray[np.float64]:
    rows = slice(max(0, int(box.top) - air), int(box.bottom) + 1 + air)
    columns = slice(max(0, int(box.left) - air), int(box.right) + 1 + air)
    return grey[rows, columns]


def test_the_ink_is_where_the_truth_says(page: Page) -> None:
    with Image.open(SAMPLE / page.image.name) as opened:
        grey = np.asarray(opened.convert("L"), dtype=np.float64)
    for word in (word for line in page.lines for word in line.words):
        assert word.box is not None
        paper = float(np.percentile(_pixels(grey, word.box, air=12), 80))
        assert paper - float(_pixels(grey, word.box).mean()) > WORD_CONTRAST, word.text
        for glyph in word.glyphs:
            assert glyph.box is not None
            assert paper - float(_pixels(grey, glyph.box).min()) > GLYPH_CONTRAST, word.text


def test_the_minutes_have_notes_in_the_margin() -> None:
    page = _page("deliberations-1875")
    assert [region.kind for region in page.regions] == [
        "RunningTitleZone",
        "NumberingZone",
        "MainZone",
        "MarginTextZone",
        "MarginTextZone",
    ]
    assert page.regions[2].lines[0].kind == "HeadingLine"


def test_the_table_is_read_row_by_row_a_line_a_cell() -> None:
    (table,) = (r for r in _page("table-decennale-1863-1872").regions if r.kind == "TableZone")
    texts = [line.text for line in table.lines]
    assert texts[:4] == ["No", "Nom", "Prénoms", "Date de l'acte"]
    assert texts[4:8] == ["1", "Aubrelot", "Marie Célestine", "4 mars 1863"]
    assert texts[4::4] == [str(number) for number in range(1, 21)]


def test_the_double_page_is_read_left_page_first() -> None:
    page = _page("repertoire-notaire-1827")
    assert [region.kind for region in page.regions] == ["NumberingZone", "MainZone"] * 2
    left, right = page.regions[:2], page.regions[2:]
    assert all(r.polygon and r.polygon.box.right < page.image.width / 2 for r in left)
    assert all(r.polygon and r.polygon.box.left > page.image.width / 2 for r in right)


def test_the_marriage_is_skewed() -> None:
    slopes = []
    for line in _page("mariage-1811").regions[1].lines:
        assert line.baseline is not None
        (x0, y0), (x1, y1) = line.baseline.points[0], line.baseline.points[-1]
        if x1 - x0 > 400:
            slopes.append((y1 - y0) / (x1 - x0))
    degrees = float(np.degrees(np.median(slopes)))
    assert 1.2 <= degrees <= 2.4
