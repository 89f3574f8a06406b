"""PAGE of other programs: small files in the manner of each, and each rule of the reader."""

from typing import get_args

import pytest

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Direction, Glyph, Line, Page, Space, Step
from htr.errors import BadXml
from htr.formats import read, write_alto

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/{}"
SURE = 'conf="0.5"'
DATES = ["2013-07-15", "2016-07-15", "2017-07-15", "2018-07-15", "2019-07-15", "2024-07-15"]


def page(body: str, *, date: str = "2019-07-15", attributes: str = "") -> Page:
    """Read a page of 1000 by 800 pixels with this body, and make sure that it survives as ALTO."""
    text = (
        f'<PcGts xmlns="{NAMESPACE.format(date)}" pcGtsId="pc"><Metadata/>'
        f'<Page imageFilename="p.jpg" imageWidth="1000" imageHeight="800" {attributes}>'
        f"{body}</Page></PcGts>"
    )
    found = read(text.encode())
    assert read(write_alto(found)) == found
    return found


def line(body: str, attributes: str = "") -> Line:
    found = page(f'<TextRegion id="r"><TextLine id="l" {attributes}>{body}</TextLine></TextRegion>')
    return next(found.lines)


def text(content: str, attributes: str = "") -> str:
    return f"<TextEquiv {attributes}><Unicode>{content}</Unicode></TextEquiv>"


TRANSKRIBUS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
  <Metadata><Creator>prov=Transkribus</Creator><Created>2019-01-02T03:04:05</Created></Metadata>
  <Page imageFilename="0007.jpg" imageWidth="2000" imageHeight="3000">
    <ReadingOrder><OrderedGroup id="ro" caption="Regions reading order">
      <RegionRefIndexed index="1" regionRef="tr_1"/>
      <RegionRefIndexed index="0" regionRef="tr_2"/>
    </OrderedGroup></ReadingOrder>
    <TextRegion type="paragraph" id="tr_1"
        custom="readingOrder {index:1;} structure {type:MainZone;}">
      <Coords points="10,10 90,10 90,90 10,90"/>
      <TextLine id="tr_1_tl_2" primaryLanguage="German" custom="readingOrder {index:1;}">
        <Coords points="10,50 90,50 90,90 10,90"/>
        <Baseline points="10,80 90,82"/>
        <TextEquiv><Unicode>zweite  Zeile</Unicode></TextEquiv>
      </TextLine>
      <TextLine id="tr_1_tl_1" custom="readingOrder {index:0;} structure {type:heading;}">
        <Coords points="10,10 90,10 90,50 10,50"/>
        <Baseline points="10,40 90,42"/>
        <TextEquiv><Unicode>erste &amp; Zeile</Unicode></TextEquiv>
      </TextLine>
      <TextEquiv><Unicode>erste &amp; Zeile zweite Zeile</Unicode></TextEquiv>
    </TextRegion>
    <TextRegion type="header" id="tr_2" custom="readingOrder {index:0;}">
      <Coords points="10,1 90,1 90,9 10,9"/>
      <TextLine id="tr_2_tl_1"><Coords points="10,1 90,1 90,9"/></TextLine>
    </TextRegion>
    <TableRegion id="table"><Coords points="0,100 99,100 99,200"/>
      <TableCell row="0" col="0" id="cell"><Coords points="0,100 9,100 9,200"/>
        <TextLine id="cell_line"><Coords points="0,100 9,100 9,200"/>
          <TextEquiv><Unicode>3</Unicode></TextEquiv></TextLine>
      </TableCell>
    </TableRegion>
    <ImageRegion id="image"><Coords points="0,0 5,0 5,5"/></ImageRegion>
  </Page>
</PcGts>"""


def test_transkribus_2013() -> None:
    found = read(TRANSKRIBUS.encode())
    assert (found.image.name, found.image.width, found.image.height) == ("0007.jpg", 2000, 3000)
    assert [(region.id, region.kind) for region in found.regions] == [
        ("tr_2", "header"),
        ("tr_1", "MainZone"),
        ("table", "TableRegion"),
        ("cell", "TableCell"),
        ("image", "ImageRegion"),
    ]
    assert [line.text for line in found.lines] == ["", "erste & Zeile", "zweite Zeile", "3"]
    first = found.regions[1].lines[0]
    assert first.kind == "heading"
    assert first.baseline == Baseline(((10, 40), (90, 42)))
    assert first.polygon == Polygon(((10, 10), (90, 10), (90, 50), (10, 50)))
    assert first.words[0].space == Space()
    assert first.words[0].box is None
    assert next(found.lines).words == ()
    assert read(write_alto(found)) == found


@pytest.mark.parametrize("date", DATES)
def test_every_version_reads_the_same(date: str) -> None:
    other = TRANSKRIBUS.replace("2013-07-15", date)
    assert read(other.encode()) == read(TRANSKRIBUS.encode())


KRAKEN = """
<TextRegion id="region" custom="type {{type:MainZone;}}"><Coords points="0,0 0,0 0,0"/>
  <TextLine id="line" custom="type {{type:DefaultLine;}}" readingDirection="left-to-right">
    <Coords points="0,0 90,0 90,20"/><Baseline points="0,15 90,15"/>
    <Word id="w0"><Coords points="0,0 20,0 20,20 0,20"/>
      <Glyph id="g0"><Coords points="0,0 9,0 9,20 0,20"/>{a}</Glyph>
      <Glyph id="g1"><Coords points="9,0 20,0 20,20 9,20"/>{b}</Glyph>
      {word}</Word>
    <Word id="w1"><Coords points="20,0 25,0 25,20 20,20"/>{space}</Word>
    <Word id="w2"><Coords points="25,0 40,0 40,20 25,20"/>{other}</Word>
    {line}
  </TextLine>
</TextRegion>""".format(
    a=text("d", 'conf="0.9"'),
    b=text("e", 'conf="0.4"'),
    word=text("de", 'conf="0.6"'),
    space=text(" ", 'conf="0.7"'),
    other=text("l", 'conf="1.5"'),
    line=text("de l", 'conf="0.8"'),
)


def test_kraken_2019_with_words_and_glyphs() -> None:
    found = page(KRAKEN)
    assert found.regions[0].kind == "MainZone"
    assert found.regions[0].polygon is None
    first = next(found.lines)
    assert (first.text, first.kind, first.confidence) == ("de l", "DefaultLine", 0.8)
    de, other = first.words
    assert (de.box, de.confidence) == (Box(0, 0, 20, 20), 0.6)
    assert de.glyphs[1] == Glyph("e", Box(9, 0, 20, 20), None, 0.4)
    assert de.space == Space(Box(20, 0, 25, 20), 0.7)
    assert (other.text, other.confidence, other.space) == ("l", None, None)


def test_2024_with_nested_regions_and_orders() -> None:
    body = """
    <ReadingOrder><OrderedGroup id="g">
      <UnorderedGroupIndexed id="h" index="1" regionRef="outer"><RegionRef regionRef="in2"/>
      </UnorderedGroupIndexed>
      <RegionRefIndexed index="0" regionRef="last"/>
    </OrderedGroup></ReadingOrder>
    <SeparatorRegion id="rule"><Coords points="1,1 9,1 9,2"/></SeparatorRegion>
    <TextRegion id="outer"><TextRegion id="in1"/><TextRegion id="in2"/></TextRegion>
    <TextRegion id="last" type="caption"/>"""
    found = page(body, date="2024-07-15", attributes='conf="0.5"')
    assert [region.id for region in found.regions] == ["last", "outer", "in2", "in1", "rule"]
    assert [region.kind for region in found.regions][-1] == "SeparatorRegion"
    assert found.regions[0].kind == "caption"
    assert (found.id, found.confidence) == ("pc", 0.5)


def test_without_a_reading_order_transkribus_indices_count_as_numbers() -> None:
    body = "".join(
        f'<TextRegion id="r{n}" custom="readingOrder {{index:{n};}}"/>' for n in (10, 9, 2)
    )
    found = page(body + '<TextRegion id="none"/>')
    assert [region.id for region in found.regions] == ["r2", "r9", "r10", "none"]
    unknown = '<ReadingOrder><RegionRef regionRef="gone"/></ReadingOrder>'
    assert [region.id for region in page(unknown + body).regions] == ["r2", "r9", "r10"]


def test_points_as_elements() -> None:
    points = '<Point x="1" y="2"/><Point x="9" y="2"/><Point x="9" y="8"/>'
    assert line(f"<Coords>{points}</Coords>").polygon == Polygon(((1, 2), (9, 2), (9, 8)))


@pytest.mark.parametrize(
    "words",
    [
        text("le", 'conf="0.5"'),
        text("le moulin", 'conf="0.5"'),
        text("la", 'conf="0.5"') + "</Word><Word>" + text("maison"),
    ],
)
def test_the_lines_text_wins_over_its_words(words: str) -> None:
    found = line(f"<Word>{words}</Word>{text('le moulin')}")
    assert found.text == "le moulin"
    assert [(word.confidence, word.box) for word in found.words] == [(None, None)] * 2


def test_words_alone_make_the_text() -> None:
    parts = "".join(f"<Word>{text(part, SURE)}</Word>" for part in ("le", " ", "moulin"))
    assert line(parts).text == "le moulin"
    assert [word.confidence for word in line(parts).words] == [0.5, 0.5]
    spaced = f"<Word>{text('le moulin', SURE)}</Word>"
    assert [(word.text, word.confidence) for word in line(spaced).words] == [
        ("le", None),
        ("moulin", None),
    ]
    glyphs = f"<Word><Glyph>{text('l', SURE)}</Glyph><Glyph>{text('e')}</Glyph></Word>"
    assert line(glyphs).words[0].glyphs == (Glyph("l", confidence=0.5), Glyph("e"))


def test_words_of_a_text_without_spaces_between() -> None:
    words = "".join(f"<Word>{text(part, SURE)}</Word>" for part in ("l'", "an", "mil"))
    found = line(words + text("l'an mil"))
    assert [(word.text, word.space) for word in found.words] == [
        ("l'", None),
        ("an", Space()),
        ("mil", None),
    ]
    assert found.words[0].confidence == 0.5


def test_the_text_of_the_lowest_index_is_read() -> None:
    several = text("b", 'index="1" conf="0.1"') + text("a", 'index="0" conf="0.9"') + text("c")
    assert (line(several).text, line(several).confidence) == ("a", 0.9)
    assert line(text("first") + text("second")).text == "first"


def test_plain_text_empty_text_and_none() -> None:
    assert line("<TextEquiv><PlainText>a</PlainText></TextEquiv>").text == "a"
    assert line("<TextEquiv><Unicode/></TextEquiv>").words == ()
    assert line("").words == ()
    assert line(text("e\u0301")).text == "\u00e9"


@pytest.mark.parametrize(
    ("said", "expected"),
    list(
        zip(
            ["left-to-right", "right-to-left", "top-to-bottom", "bottom-to-top"],
            get_args(Direction),
            strict=True,
        )
    ),
)
def test_directions(said: str, expected: Direction) -> None:
    attribute = f'readingDirection="{said}"'
    other = 'readingDirection="top-to-bottom"'
    inner = f"<TextLine>{text('a')}</TextLine>"
    assert line(text("a"), attribute).direction == expected
    region = page(f"<TextRegion {attribute}>{inner}</TextRegion>", attributes=other)
    assert next(region.lines).direction == expected
    whole = page(f"<TextRegion>{inner}</TextRegion>", attributes=attribute)
    assert next(whole.lines).direction == expected


def test_the_direction_is_the_texts_where_none_is_said() -> None:
    assert line(text("שלום")).direction == "rtl"
    assert line(text("a")).direction == "ltr"


def test_a_custom_attribute_that_is_damaged_is_left() -> None:
    assert line("", 'custom="structure {type:heading"').kind is None
    assert line("", 'custom="structure {type} readingOrder {index:x;}"').kind is None
    assert line("", 'custom="structure { type : heading ; offset:0 }"').kind == "heading"


def test_a_file_without_a_page_is_an_error() -> None:
    empty = f'<PcGts xmlns="{NAMESPACE.format(DATES[0])}"><Metadata/></PcGts>'
    with pytest.raises(BadXml, match=r"x.xml: .*no page"):
        read(empty.encode(), path="x.xml")


def test_a_page_without_sizes_ids_or_a_name() -> None:
    found = read(b"<PcGts><Page><TextRegion><TextLine/></TextRegion></Page></PcGts>")
    assert (found.id, found.image.name, found.image.width) == ("page-1", "", 0)
    assert (found.regions[0].id, next(found.lines).id) == ("region-1", "line-1")


def test_a_glyphs_outline_is_kept_where_it_is_no_upright_rectangle() -> None:
    coords = '<Coords points="0,0 9,1 9,9"/>'
    found = line(f"<Word><Glyph>{coords}{text('a')}</Glyph>{text('a')}</Word>{text('a')}")
    outline = Polygon(((0, 0), (9, 1), (9, 9)))
    assert found.words[0].glyphs == (Glyph("a", Box(0, 0, 9, 9), outline),)


def test_the_steps_that_ocr_d_writes() -> None:
    data = f"""<PcGts xmlns="{NAMESPACE.format(DATES[4])}"><Metadata>
      <MetadataItem type="processingStep" name="layout/segmentation/region" value="ocrd-kraken">
        <Labels externalModel="ocrd-tool" externalId="parameters">
          <Label type="device" value="cpu"/></Labels>
        <Labels externalModel="ocrd-tool" externalId="version"><Label value="1"/></Labels>
      </MetadataItem>
      <MetadataItem type="author" name="x" value="y"/>
      <MetadataItem type="processingStep" value="preprocessing" date="2026-01-02T03:04:05"/>
      </Metadata><Page/></PcGts>"""
    assert read(data.encode()).steps == (
        Step("layout", "ocrd-kraken", settings=(("device", "cpu"),)),
        Step("other", "preprocessing", date="2026-01-02T03:04:05"),
    )


def test_a_custom_attribute_of_great_length_takes_no_great_time() -> None:
    assert line("", f'custom="{"a" * 500_000} structure {{type:heading;}}"').kind == "heading"
