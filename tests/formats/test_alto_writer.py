"""What is written is valid against the schemas and reads back equal."""

from dataclasses import replace
from pathlib import Path

import pytest
from format_strategies import VERSIONS, alto_schema, pages
from hypothesis import HealthCheck, given, settings
from lxml import etree

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Step, Word
from htr.document.text import graphemes
from htr.formats import AltoVersion, read, write_alto

GOLDEN = Path(__file__).parent.parent / "golden"
IMAGE = ImageRef("page.jpg", 1000, 800)


@pytest.fixture(scope="module")
def alto_schemas(schemas: Path) -> dict[str, etree.XMLSchema]:
    return {version: alto_schema(schemas, version) for version in VERSIONS}


def check(data: bytes, schema: etree.XMLSchema) -> None:
    root = etree.fromstring(data)
    assert schema.validate(root), f"{schema.error_log}\n{data.decode()}"


def word(text: str, space: Space | None = None) -> Word:
    return Word(tuple(Glyph(cluster) for cluster in graphemes(text)), space=space)


def page_of(*lines: Line) -> Page:
    return Page("page", IMAGE, (Region("region", lines=lines),))


def sample() -> Page:
    glyphs = (
        Glyph("d", Box(10, 20, 20, 40.5), Polygon(((10, 20), (20, 20), (20, 40.5))), 0.98),
        Glyph("e\u0305", Box(20, 20, 29.3, 40.5), None, 0.4),
    )
    first = Word(glyphs, Box(10, 20, 29.3, 40.5), 0.6261, Space(Box(29.3, 20, 35, 40.5), 0.99))
    line = Line(
        id="l1",
        baseline=Baseline(((10, 40), (60.25, 41))),
        polygon=Polygon(((10, 20), (60, 20), (60, 45), (10, 45))),
        words=(first, word("A&B", Space()), word("«Dépôt»"), word(".")),
        confidence=0.75,
        kind="DefaultLine",
    )
    empty = Line("l2", kind="DefaultLine", corrected=True)
    hebrew = Line("l3", words=(word("שלום"),), direction="rtl", kind="HeadingLine")
    steps = (
        Step(
            "layout",
            "Regions and lines",
            "kraken",
            "7.1",
            (("model", 'a; b: "c"'), ("device", "cpu")),
            "2026-11-22T10:00:00Z",
        ),
        Step("correction", "By hand", date="2026-11-23", agency="Archives"),
    )
    zone = Polygon(((0, 0), (999, 0), (999, 799.5), (0, 799.5)))
    regions = (Region("r1", "MainZone", zone, (line, empty)), Region("r2", lines=(hebrew,)))
    image = ImageRef("scans/page 1.jpg", 1000, 800, "0f" * 32)
    return Page("page-1", image, (*regions, Region("r3", "StampZone")), 0.75, steps)


@pytest.mark.parametrize("version", ["4.3", "4.4"])
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_pages_are_valid_and_read_back_equal(
    alto_schemas: dict[str, etree.XMLSchema], version: AltoVersion, page: Page
) -> None:
    data = write_alto(page, version=version)
    check(data, alto_schemas[version])
    assert read(data) == page
    assert write_alto(read(data), version=version) == data


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages(inferred_direction=True))
def test_pages_in_4_2_are_valid_and_read_back_equal(
    alto_schemas: dict[str, etree.XMLSchema], page: Page
) -> None:
    data = write_alto(page, version="4.2")
    check(data, alto_schemas["4.2"])
    assert read(data) == page
    if all(line.direction == "ltr" for line in page.lines):
        for schema in alto_schemas.values():
            check(write_alto(page), schema)


def test_golden_file() -> None:
    data = write_alto(sample())
    assert data.decode() == (GOLDEN / "alto.xml").read_text(encoding="utf-8")
    assert read(data) == sample()


def test_golden_file_is_valid(alto_schemas: dict[str, etree.XMLSchema]) -> None:
    check((GOLDEN / "alto.xml").read_bytes(), alto_schemas["4.4"])


def test_the_schema_location_and_the_version_are_named() -> None:
    for version in VERSIONS:
        root = etree.fromstring(write_alto(page_of(), version=version))
        location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
        assert location is not None
        assert location.endswith(f"/alto-{version.replace('.', '-')}.xsd")
        assert root.get("SCHEMAVERSION") == version


def test_bad_and_repeated_ids_become_valid_and_unique(
    alto_schemas: dict[str, etree.XMLSchema],
) -> None:
    names = [
        "BT1",
        "LT1",
        "step-1",
        "confidence",
        "1a",
        "1a",
        "",
        "a b",
        "a",
        "a",
        "a-2",
        "ligne_é",
    ]
    lines = tuple(Line(name, kind="DefaultLine", confidence=0.5) for name in names)
    step = Step("layout", "Lines")
    page = Page("a", IMAGE, (Region("BT2", "MainZone", lines=lines),), steps=(step,))
    data = write_alto(page)
    check(data, alto_schemas["4.4"])
    written = [line.id for line in read(data).lines]
    kept = ("BT1", "LT1", "step-1", "confidence", "a-2", "ligne_é")
    assert [name for name in written if name in names] == list(kept)
    assert written[4:10] == ["_1a", "_1a-2", "line-1", "a_b", "a-3", "a-4"]
    assert read(data).id == "a"
    assert [line.confidence for line in read(data).lines] == [0.5] * len(names)
    assert {line.kind for line in read(data).lines} == {"DefaultLine"}


def test_characters_that_xml_forbids_are_replaced(alto_schemas: dict[str, etree.XMLSchema]) -> None:
    glyphs = tuple(Glyph(character, confidence=0.5) for character in "a\x00\ud800\ufffe")
    line = Line("l", words=(Word(glyphs),), kind="\x01")
    page = Page("p", ImageRef("\x07.jpg", 1, 1), (Region("r", lines=(line,)),))
    step = Step("other", "\x02", settings=(("name\x03", "value\ud800\ufffe"),))
    data = write_alto(replace(page, steps=(step,)))
    check(data, alto_schemas["4.4"])
    back = read(data)
    assert back.text == "a\ufffd\ufffd\ufffd"
    assert [glyph.confidence for word in next(back.lines).words for glyph in word.glyphs] == [
        0.5
    ] * 4
    assert back.image.name == "\ufffd.jpg"
    assert next(back.lines).kind == "\ufffd"
    assert back.steps == (replace(step, description="\ufffd"),)


def test_white_space_in_a_word_is_kept_in_the_file() -> None:
    data = write_alto(page_of(Line("l", words=(word("a\tb\nc\rd"),))))
    string = etree.fromstring(data).find(".//{*}String")
    assert string is not None
    assert string.get("CONTENT") == "a\tb\nc\rd"
    assert read(data).text == "a b c d"


def test_dates_that_the_schema_does_not_have_are_left_out(
    alto_schemas: dict[str, etree.XMLSchema],
) -> None:
    good = ["2026", "2026-11", "2026-11-22", "2026-11-22Z", "2026-11-22T10:00:00.123456789Z"]
    bad = ["22/11/2026", "2026-13", "2026-02-30", "2026-11-22 10:00:00", "2026-11-22T25:00:00", ""]
    steps = tuple(Step("other", "x", date=date) for date in good + bad)
    data = write_alto(replace(page_of(), steps=steps))
    check(data, alto_schemas["4.4"])
    assert [step.date for step in read(data).steps] == good + [None] * len(bad)


def test_a_space_after_the_last_word_is_dropped() -> None:
    line = Line("l", words=(word("a", Space(confidence=0.5)), word("b", Space(confidence=0.5))))
    assert read(write_alto(page_of(line))) == page_of(
        replace(line, words=(line.words[0], word("b")))
    )


def test_equal_words_keep_the_spaces_between_them() -> None:
    same = word("a", Space())
    assert read(write_alto(page_of(Line("l", words=(same, same, same))))).text == "a a a"


def test_kinds_are_tagged_as_escriptorium_does() -> None:
    root = etree.fromstring(write_alto(sample()))
    tags = [dict(tag.attrib) for tag in root.findall(".//{*}OtherTag")]
    assert tags[0] == {"ID": "BT1", "LABEL": "MainZone", "DESCRIPTION": "block type MainZone"}
    assert tags[2] == {"ID": "LT1", "LABEL": "DefaultLine", "DESCRIPTION": "line type DefaultLine"}


def test_a_glyph_has_one_code_point_and_the_string_the_whole() -> None:
    root = etree.fromstring(write_alto(sample()))
    assert [glyph.get("CONTENT") for glyph in root.iter("{*}Glyph")] == ["d", "e"]
    assert next(root.iter("{*}String")).get("CONTENT") == "de\u0305"


def test_nothing_is_said_of_what_is_not_known() -> None:
    root = etree.fromstring(write_alto(page_of(Line("l", words=(word("a"),)))))
    assert root.find("{*}Tags") is None
    assert {key for element in root.iter("{*}TextLine", "{*}String") for key in element.attrib} == {
        "ID",
        "CONTENT",
    }


def test_confidences_of_spaces_are_left_where_the_spaces_have_changed() -> None:
    line = Line("l", words=(word("a", Space(confidence=0.5)), word("b")), confidence=0.25)
    data = write_alto(page_of(line)).replace(b"<SP/>", b"<SP/><String CONTENT='c'/><SP/>")
    found = next(read(data).lines)
    assert found.text == "a c b"
    assert found.confidence == 0.25
    assert [word.space for word in found.words] == [Space(), Space(), None]
