"""TEI as it is written: P5's structure, pointers that resolve, and what can be read from it."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from format_strategies import pages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from test_alto_writer import GOLDEN, IMAGE, page_of, sample, word

from htr.document.description import Description
from htr.document.geometry import Baseline, Point
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Step, Word
from htr.document.text import clean, is_split
from htr.formats import read
from htr.formats.safe_xml import legal
from htr.formats.tei_writer import write_tei

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
DESCRIPTION = Description(
    title="Délibérations",
    language="fr",
    creator="Archives de Valmorin",
    source="1 D 12",
    licence="https://creativecommons.org/licenses/by/4.0/",
)
# What holds what, of the elements that are written: from the content models of TEI P5 4.x.
CHILDREN = {
    "TEI": "teiHeader facsimile text",
    "teiHeader": "fileDesc encodingDesc profileDesc",
    "fileDesc": "titleStmt publicationStmt sourceDesc",
    "titleStmt": "title",
    "publicationStmt": "publisher date availability",
    "availability": "licence",
    "sourceDesc": "bibl",
    "bibl": "title idno",
    "encodingDesc": "editorialDecl appInfo",
    "editorialDecl": "p",
    "appInfo": "application",
    "application": "label",
    "profileDesc": "langUsage",
    "langUsage": "language",
    "facsimile": "surfaceGrp",
    "surfaceGrp": "surface",
    "surface": "graphic zone",
    "zone": "zone path",
    "text": "body",
    "body": "div",
    "div": "pb ab",
    "ab": "lb unclear",
}


def written(*found: Page, unclear_below: float = 0.5) -> bytes:
    named = ((f"p{number}", page) for number, page in enumerate(found, start=1))
    return write_tei(
        named,
        DESCRIPTION,
        software="htr",
        version="1.0",
        date="2026-11-25",
        unclear_below=unclear_below,
    )


def check(root: etree._Element) -> None:
    for element in root.iter():
        name = etree.QName(element).localname
        order = CHILDREN.get(name, "").split()
        places = [order.index(etree.QName(child).localname) for child in element]
        if name not in ("div", "ab", "zone"):
            assert places == sorted(places), name
    names = [element.get(ID) for element in root.iter() if element.get(ID)]
    assert len(set(names)) == len(names)
    pointers = [
        element.get("facs", "") for element in root.iter(f"{TEI}pb", f"{TEI}ab", f"{TEI}lb")
    ]
    assert {f"#{name}" for name in names} == set(pointers)
    assert len(set(pointers)) == len(pointers)
    for element in root.iter(f"{TEI}path"):
        assert points(element)[0] != points(element)[-1]
    for element in root.iter():
        assert len((element.get("type") or "x").split()) == 1


def points(element: etree._Element) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in element.get("points", "").split())
    return tuple((float(x), float(y)) for x, y in pairs)


def texts(root: etree._Element) -> list[str]:
    """The text of each line: what comes after its lb, and before the next."""
    found: list[str] = []
    for element in root.iter(f"{TEI}lb", f"{TEI}unclear"):
        if element.tag == f"{TEI}lb":
            found.append("")
        found[-1] += (element.text or "") + (element.tail or "")
    return [text.removesuffix("\n") for text in found]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(pages(), max_size=3))
def test_pages_can_be_read_from_it(found: list[Page]) -> None:
    root = etree.fromstring(written(*found))
    check(root)
    lines = [line for page in found for line in page.lines]
    regions = [region for page in found for region in page.regions]
    assert texts(root) == [line.text for line in lines]
    surfaces = root.findall(f".//{TEI}surface")
    assert [surface.get("n") for surface in surfaces] == [f"p{n + 1}" for n in range(len(found))]
    assert [(surface.get("lrx"), surface.get("lry")) for surface in surfaces] == [
        (str(page.image.width), str(page.image.height)) for page in found
    ]
    blocks = root.findall(f".//{TEI}ab")
    assert [block.get("type") for block in blocks] == [region.kind for region in regions]
    zones = {f"#{zone.get(ID)}": zone for zone in root.iter(f"{TEI}zone")}
    for region, block in zip(regions, blocks, strict=True):
        assert points(zones[block.get("facs", "")]) == (
            region.polygon.points if region.polygon else ()
        )
        assert len(block.findall(f"{TEI}lb")) == len(region.lines)
    for line, begin in zip(lines, root.iter(f"{TEI}lb"), strict=True):
        zone = zones[begin.get("facs", "")]
        assert points(zone) == (line.polygon.points if line.polygon else ())
        path = zone.find(f"{TEI}path")
        if line.baseline and line.baseline.points[0] != line.baseline.points[-1]:
            assert path is not None
            assert points(path) == line.baseline.points
        else:
            assert path is None
    unsure = [
        (word.text, word.confidence)
        for line in lines
        for word in line.words
        if word.confidence is not None and word.confidence < 0.5 and not line.corrected
    ]
    marked = root.iter(f"{TEI}unclear")
    assert [(element.text, float(element.get("cert", ""))) for element in marked] == unsure


def test_golden_file() -> None:
    data = written(sample(), page_of(), unclear_below=0.7)
    assert data.decode() == (GOLDEN / "register.tei.xml").read_text(encoding="utf-8")
    check(etree.fromstring(data))


def test_a_line_that_goes_on_with_a_word_is_no_break() -> None:
    names = ("le mou-", "lin à", "Saint-", "Étienne")
    lines = tuple(Line(f"l{n}", words=(word(name),)) for n, name in enumerate(names))
    root = etree.fromstring(written(page_of(*lines)))
    breaks = [begin.get("break") for begin in root.iter(f"{TEI}lb")]
    assert breaks == [None, "no", None, None]
    assert breaks[1:] == ["no" if is_split(*pair) else None for pair in pairwise(names)]


def test_the_threshold_and_corrected_lines() -> None:
    unsure = Word((Glyph("a"),), confidence=0.25, space=Space())
    line = Line("l", words=(unsure, word("b")))
    assert b'<unclear cert="0.25">a</unclear> b\n' in written(page_of(line))
    assert b"unclear cert" not in written(page_of(line), unclear_below=0.25)
    assert b"unclear cert" not in written(page_of(replace(line, corrected=True)))


@pytest.mark.parametrize(
    ("licence", "target"),
    [
        ("Domaine public & libre", None),
        ("CC BY 4.0", "http://creativecommons.org/licenses/by/4.0/"),
        ("https://archives.example/l", "https://archives.example/l"),
    ],
)
def test_the_header_says_what_is_known_and_no_more(licence: str, target: str | None) -> None:
    bare = Description(title="T", licence=licence)
    root = etree.fromstring(
        write_tei([], bare, software="htr", version="0+unknown", date="2026-11-25")
    )
    check(root)
    assert root.findtext(f".//{TEI}licence") == licence
    assert [element.get("target") for element in root.iter(f"{TEI}licence")] == [target]
    assert root.find(f".//{TEI}idno") is None
    assert root.find(f".//{TEI}profileDesc") is None
    assert root.findtext(f".//{TEI}publisher") == ""
    programs = [(el.get("ident"), el.get("version")) for el in root.iter(f"{TEI}application")]
    assert programs == [("htr", "0")]


def test_every_program_that_worked_on_a_page_is_named_once() -> None:
    steps = (Step("layout", "a", "kraken", "7.1"), Step("recognition", "b", "kraken", "7.1"))
    other = Step("other", "c", "my tool", "rolling")
    first, second = replace(page_of(), steps=steps), replace(page_of(), steps=(other, steps[0]))
    root = etree.fromstring(written(first, second))
    found = [
        (el.get("ident"), el.get("version"), el.findtext(f"{TEI}label"))
        for el in root.iter(f"{TEI}application")
    ]
    assert found == [
        ("htr", "1.0", "htr 1.0"),
        ("kraken", "7.1", "kraken 7.1"),
        ("my_tool", "0", "my tool rolling"),
    ]


def test_names_become_uris_and_numbers_have_no_exponent() -> None:
    image = ImageRef("sous dossier/é & 1%.jpg", 10, 20)
    line = Line("l", Baseline(((1e-7, 0.5), (2, 3))), kind="a type  of line")
    root = etree.fromstring(written(Page("p", image, (Region("r", lines=(line,)),))))
    graphic = next(root.iter(f"{TEI}graphic"))
    assert graphic.get("url") == "sous%20dossier/%C3%A9%20%26%201%25.jpg"
    assert next(root.iter(f"{TEI}path")).get("points") == "0.0000001,0.5 2,3"
    assert next(root.iter(f"{TEI}lb")).get("type") == "a_type_of_line"


def test_ids_that_two_pages_share_stay_apart() -> None:
    page = Page("a", IMAGE, (Region("1", lines=(Line("1-l"), Line("l"))),))
    check(etree.fromstring(written(*[page] * 12)))


def test_characters_that_xml_forbids_are_replaced() -> None:
    line = Line("l", words=(word("a\x00\ud800"),), kind="\x01")
    root = etree.fromstring(written(replace(page_of(line), image=ImageRef("\ud800.jpg", 1, 1))))
    assert texts(root) == ["a\ufffd\ufffd"]


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.xml")), ids=lambda path: path.stem)
def test_the_sample(path: Path) -> None:
    page = read(path.read_bytes())
    root = etree.fromstring(written(page))
    check(root)
    assert "\n".join(texts(root)) == legal(clean(page.text))
