"""hOCR as it is written: the same page when read again, and what OCRmyPDF makes of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from format_strategies import pages
from hypothesis import HealthCheck, assume, given, settings
from lxml import etree, html
from test_alto_writer import GOLDEN, page_of, sample, word

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.document.text import clean, direction
from htr.formats import read
from htr.formats.hocr_reader import read_hocr
from htr.formats.hocr_writer import write_hocr
from htr.formats.values import box_polygon, polygon
from htr.formats.words import plain_words

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"


def written(page: Page) -> bytes:
    return write_hocr(page, system="htr 1.0", number=3, language="fr")


def read_one(data: bytes) -> Page:
    (page,) = read_hocr(data)
    return page


def by_class(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iter("{*}*") if element.get("class") == name]


def content(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def pixel(value: float) -> float:
    return max(0.0, float(round(value)))


def pixels(box: Box | None) -> Box | None:
    return box and Box(pixel(box.left), pixel(box.top), pixel(box.right), pixel(box.bottom))


def outline(shape: Polygon | None) -> Polygon | None:
    return shape and (
        polygon(tuple((pixel(x), pixel(y)) for x, y in shape.points))
        or box_polygon(pixels(shape.box))
    )


def as_hocr_says(page: Page) -> Page:
    """The page as hOCR can say it, but for its baselines."""
    return replace(
        page,
        image=replace(page.image, sha256=None),
        steps=(),
        regions=tuple(
            replace(
                region,
                polygon=outline(region.polygon),
                lines=tuple(map(line_as_hocr_says, region.lines)),
            )
            for region in page.regions
        ),
    )


def line_box(line: Line) -> Box | None:
    return line.box or Box.union(word.box for word in line.words if word.box)


def line_as_hocr_says(line: Line) -> Line:
    words = tuple(map(word_as_hocr_says, line.words))
    if len(words) == 1 and line.words == plain_words(line.text):  # the line's box is the word's
        words = (replace(words[0], box=pixels(line_box(line))),)
    return replace(
        line,
        baseline=None,
        polygon=outline(line.polygon or box_polygon(line_box(line)))
        or box_polygon(pixels(line_box(line))),
        words=words,
        direction=line.direction if line.direction in ("ltr", "rtl") else direction(line.text),
    )


def word_as_hocr_says(found: Word) -> Word:
    boxes = [glyph.box or (glyph.polygon.box if glyph.polygon else None) for glyph in found.glyphs]
    sure = all(glyph.confidence is not None for glyph in found.glyphs)
    glyphs = tuple(
        Glyph(
            glyph.text,
            pixels(box) if all(boxes) else None,
            confidence=glyph.confidence if sure else None,
        )
        for glyph, box in zip(found.glyphs, boxes, strict=True)
    )
    return Word(glyphs, pixels(found.box), found.confidence, found.space and Space())


def check_baseline(line: Line, found: Baseline | None) -> None:
    """The baseline that is read lies on the best straight line through the one that was written."""
    box = pixels(line_box(line))
    if line.baseline is None or len({x for x, _y in line.baseline.points}) == 1:
        assert found is None
        return
    assert found is not None
    assert box is not None
    xs, ys = np.array(line.baseline.points).T
    if np.ptp(xs) < 1:
        return  # too steep for the comparison, and for any reader
    slope, height = np.polyfit(xs, ys, 1)
    for (x, y), edge in zip(found.points, (box.left, box.right), strict=True):
        assert x == edge
        assert y == pytest.approx(slope * x + height, abs=0.51 + 0.0001 * box.width, rel=1e-6)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_pages_read_back_equal(page: Page) -> None:
    assume(clean(page.text) == page.text)  # the mark that begins a word joins no word before it
    found = read_one(written(page))
    for line, back in zip(page.lines, found.lines, strict=True):
        check_baseline(line, back.baseline)
    level = tuple(
        replace(region, lines=tuple(replace(line, baseline=None) for line in region.lines))
        for region in found.regions
    )
    assert replace(found, regions=level) == as_hocr_says(page)
    assert read_one(written(found)).text == found.text


def test_golden_file() -> None:
    assert written(sample()).decode() == (GOLDEN / "page.hocr").read_text(encoding="utf-8")


def test_browsers_see_the_same_as_readers_of_xml() -> None:
    data = written(sample())
    as_xml, as_html = etree.fromstring(data), html.document_fromstring(data)
    for name in ("ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"):
        titles = [element.get("title") for element in by_class(as_xml, name)]
        assert [element.get("title") for element in by_class(as_html, name)] == titles
        assert titles
    assert "\n".join(map(content, by_class(as_html, "ocr_line"))) == sample().text


def test_a_line_of_which_only_the_text_is_known_is_one_word_with_its_box() -> None:
    shape = Polygon(((10, 20), (60, 20), (60, 45)))
    line = Line("l", polygon=shape, words=(word("A&B", Space()), word("c")))
    (span,) = by_class(etree.fromstring(written(page_of(line))), "ocrx_word")
    assert (span.text, span.get("title")) == ("A&B c", "bbox 10 20 60 45")
    assert read_one(written(page_of(line))) == page_of(line)


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0"), (0.29, "29"), (1.0, "100"), (0.62615, "62.615")]
)
def test_shares_are_written_as_per_cent_exactly(share: float, text: str) -> None:
    line = Line("l", confidence=share)
    assert f'title="x_wconf {text}"'.encode() in written(page_of(line))
    assert next(read_one(written(page_of(line))).lines).confidence == share


def test_names_with_signs_that_mean_something() -> None:
    page = Page("p", ImageRef('a; b "c"/é.jpg', 10, 20))
    assert read_one(written(page)).image == ImageRef("a; b %22c%22/é.jpg", 10, 20)


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.xml")), ids=lambda path: path.stem)
def test_ocrmypdf_takes_it(path: Path, tmp_path: Path) -> None:
    module = pytest.importorskip("ocrmypdf.hocrtransform.hocr_parser")
    page = read(path.read_bytes())
    (tmp_path / "page.hocr").write_bytes(written(page))
    found = module.HocrParser(tmp_path / "page.hocr").parse()
    assert (found.bbox.right, found.bbox.bottom) == (page.image.width, page.image.height)
    assert found.page_number == 3
    lines = [line for paragraph in found.children for line in paragraph.children]
    assert len(lines) == len(list(page.lines))
    for line, ours in zip(lines, page.lines, strict=True):
        assert ours.baseline is not None
        middle = ours.baseline.points[len(ours.baseline.points) // 2]
        y = line.bbox.bottom + line.baseline.intercept
        y += line.baseline.slope * (middle[0] - line.bbox.left)
        assert y == pytest.approx(middle[1], abs=12)
        assert len(line.children) == len(ours.words)
        for found_word, our_word in zip(line.children, ours.words, strict=True):
            box = found_word.bbox
            assert found_word.text == our_word.text
            assert Box(box.left, box.top, box.right, box.bottom) == our_word.box


@pytest.mark.corpora
def test_real_registers(corpora: Path) -> None:
    for path in sorted((corpora / "test").rglob("*.xml"))[::9]:
        page = read(path.read_bytes(), path=path)
        found = read_one(written(page))
        assert found.text == page.text
        assert [line.polygon for line in found.lines] == [line.polygon for line in page.lines]
        for line, back in zip(page.lines, found.lines, strict=True):
            check_baseline(line, back.baseline)


def test_a_page_with_nothing_on_it() -> None:
    page = Page("p", ImageRef("", 0, 0), (Region("r"),))
    assert read_one(written(page)) == page
