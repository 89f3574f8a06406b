"""PAGE as it is written: valid in both versions, and the same page when read again."""

from dataclasses import replace
from pathlib import Path

import pytest
from format_strategies import as_inferred, pages
from hypothesis import HealthCheck, assume, given, settings
from lxml import etree
from test_alto_writer import GOLDEN, check, page_of, sample, word

from htr.document.geometry import Baseline, Box, Point, Polygon
from htr.document.page import Glyph, Line, Page, Region, Space, Step, Word
from htr.document.text import clean
from htr.formats import read
from htr.formats.page_writer import PageVersion, write_page
from htr.formats.safe_xml import legal
from htr.formats.values import box_polygon, polygon

VERSIONS: tuple[PageVersion, ...] = ("2019", "2024")


def written(page: Page, version: PageVersion = "2019") -> bytes:
    return write_page(page, creator="htr 1.0", created="2026-11-22T10:00:00Z", version=version)


@pytest.fixture(scope="module")
def schema(schemas: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(schemas / "pagecontent-2024-07-15.xsd")))


def check_both(page: Page, schema: etree.XMLSchema) -> None:
    """Both versions: the schema of 2024 adds to that of 2019, and we write what both have."""
    check(written(page, "2024"), schema)
    check(written(page).replace(b"2019-07-15", b"2024-07-15"), schema)


def as_page_says(page: Page) -> Page:
    """The page as PAGE can say it: whole pixels, one outline for a glyph, characters of XML."""
    return replace(
        page,
        steps=tuple(
            replace(
                step, settings=tuple((legal(name), legal(said)) for name, said in step.settings)
            )
            for step in page.steps
        ),
        regions=tuple(
            replace(
                region,
                polygon=outline(region.polygon),
                lines=tuple(line_as_page_says(line) for line in region.lines),
            )
            for region in page.regions
        ),
    )


def line_as_page_says(line: Line) -> Line:
    baseline = line.baseline and Baseline(tuple(map(pixel, line.baseline.points)))
    return replace(
        line,
        baseline=baseline,
        polygon=outline(line.polygon),
        words=tuple(map(word_as_page_says, line.words)),
    )


def word_as_page_says(found: Word) -> Word:
    space = found.space and replace(found.space, box=pixels(found.space.box))
    glyphs = tuple(map(glyph_as_page_says, found.glyphs))
    box = area(pixels(found.box))
    return Word(glyphs, box, found.confidence, space, found.alternatives)


def glyph_as_page_says(glyph: Glyph) -> Glyph:
    shape = outline(glyph.polygon or box_polygon(glyph.box))
    box = None if shape is None else shape.box
    return replace(glyph, box=box, polygon=None if shape == box_polygon(box) else shape)


def pixel(point: Point) -> Point:
    return max(0.0, float(round(point[0]))), max(0.0, float(round(point[1])))


def pixels(box: Box | None) -> Box | None:
    return box and Box(*pixel((box.left, box.top)), *pixel((box.right, box.bottom)))


def area(box: Box | None) -> Box | None:
    return box if box_polygon(box) else None


def outline(shape: Polygon | None) -> Polygon | None:
    return polygon(tuple(map(pixel, shape.points))) if shape else None


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_pages_are_valid_and_read_back_equal(schema: etree.XMLSchema, page: Page) -> None:
    check_both(page, schema)
    assume(clean(page.text) == page.text)  # the mark that begins a word joins no word before it
    assert read(written(page)) == as_page_says(page)
    assert read(written(page, "2024")) == as_page_says(page)
    assert written(read(written(page))) == written(as_page_says(page))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages(inferred_direction=True))
def test_left_to_right_is_not_said(page: Page) -> None:
    lines = etree.fromstring(written(page)).iter("{*}TextLine")
    for line, element in zip(page.lines, lines, strict=True):
        assert as_inferred(line) == line
        assert (element.get("readingDirection") is None) == (line.direction == "ltr")


def test_golden_file(schema: etree.XMLSchema) -> None:
    assert written(sample()).decode() == (GOLDEN / "page.xml").read_text(encoding="utf-8")
    check_both(sample(), schema)


def test_the_namespace_is_the_versions() -> None:
    for version in VERSIONS:
        name = etree.QName(etree.fromstring(written(page_of(), version)))
        assert name.namespace == (
            f"http://schema.primaresearch.org/PAGE/gts/pagecontent/{version}-07-15"
        )


def test_a_plain_text_is_written_without_words() -> None:
    plain = Line("l", words=(word("A&B", Space()), word("c")))
    root = etree.fromstring(written(page_of(plain)))
    assert root.find(".//{*}Word") is None
    assert root.findtext(".//{*}Unicode") == "A&B c"
    assert read(written(page_of(plain))) == page_of(plain)


def test_words_that_no_space_parts_are_kept_apart() -> None:
    line = Line("l", words=(word("l'"), word("an", Space()), word("mil")))
    assert read(written(page_of(line))) == page_of(line)


def test_ids_of_words_do_not_clash_with_lines(schema: etree.XMLSchema) -> None:
    glyphs = (Glyph("a", Box(1, 1, 5, 5)),)
    lines = (Line("l", words=(Word(glyphs),)), Line("l_w1"), Line("l_w1_g1"), Line("reading-order"))
    check_both(page_of(*lines), schema)
    assert [line.id for line in read(written(page_of(*lines))).lines] == [line.id for line in lines]


def test_region_types_of_the_schema_are_elements_and_attributes(schema: etree.XMLSchema) -> None:
    kinds = ("marginalia", "SeparatorRegion", "MainZone", "FormRegion", None)
    page = replace(page_of(), regions=tuple(Region(f"r{n}", kind) for n, kind in enumerate(kinds)))
    check_both(page, schema)
    assert read(written(page)) == page
    body = etree.fromstring(written(page)).find("{*}Page")
    assert body is not None
    elements = [
        (etree.QName(el).localname, el.get("type"), el.get("custom")) for el in list(body)[1:]
    ]
    assert elements == [
        ("TextRegion", "marginalia", None),
        ("SeparatorRegion", None, None),
        ("TextRegion", None, "structure {type:MainZone;}"),
        ("TextRegion", None, "structure {type:FormRegion;}"),
        ("TextRegion", None, None),
    ]
    lined = replace(page.regions[1], lines=(Line("l"),))
    data = written(replace(page, regions=(lined,)))
    assert b"<SeparatorRegion" not in data
    assert read(data).regions == (lined,)


@pytest.mark.parametrize("kind", ["a;b", "{x}", " a ", "a:b", "\\u0041", "x\ty\nz", "é &<\"'"])
def test_kinds_with_signs_that_mean_something_are_kept(kind: str) -> None:
    page = page_of(Line("l", kind=kind))
    assert read(written(page)) == page


def test_an_outline_that_is_not_known_covers_what_is_known() -> None:
    line = Line("l", Baseline(((10, 40), (30, 42), (60, 41))))
    found = etree.fromstring(written(page_of(line))).findall(".//{*}Coords")
    assert [coords.get("points") for coords in found] == ["10,40 60,42", "10,40 60,41"]
    assert read(written(page_of(line))) == page_of(line)


def test_characters_that_xml_forbids_are_replaced(schema: etree.XMLSchema) -> None:
    line = Line("l", words=(word("a\x00\ud800"),), kind="\x01")
    step = Step("other", "\x02", "\x03", settings=(("\x04", "\ud800"),))
    page = replace(page_of(line), steps=(step,))
    check_both(page, schema)
    assert read(written(page)).text == "a\ufffd\ufffd"


@pytest.mark.corpora
def test_real_registers(corpora: Path, schema: etree.XMLSchema) -> None:
    for path in sorted((corpora / "test").rglob("*.xml"))[::9]:
        page = read(path.read_bytes(), path=path)
        check_both(page, schema)
        assert read(written(page)) == as_page_says(page)
