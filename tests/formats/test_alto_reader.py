"""ALTO of other programs: small files in the manner of each, and each rule of the reader."""

import pytest

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Glyph, Line, Page, Space
from htr.errors import BadXml
from htr.formats import read, write_alto

V4 = 'xmlns="http://www.loc.gov/standards/alto/ns-v4#"'


def page(body: str, *, tags: str = "", attributes: str = "") -> Page:
    """Read a page of 1000 by 800 pixels whose print space holds the body."""
    text = (
        f"<alto {V4}><Description><MeasurementUnit>pixel</MeasurementUnit>"
        f"<sourceImageInformation><fileName>p.jpg</fileName></sourceImageInformation></Description>"
        f'{tags}<Layout><Page ID="p" WIDTH="1000" HEIGHT="800" PHYSICAL_IMG_NR="1" {attributes}>'
        f"<PrintSpace>{body}</PrintSpace></Page></Layout></alto>"
    )
    return read(text.encode())


def line(body: str, attributes: str = "") -> Line:
    """Read a line, and make sure that it survives being written."""
    found = page(f'<TextBlock ID="b"><TextLine ID="l" {attributes}>{body}</TextLine></TextBlock>')
    assert read(write_alto(found)) == found
    return next(found.lines)


def string(content: str, attributes: str = "", inner: str = "") -> str:
    return f'<String CONTENT="{content}" {attributes}>{inner}</String>'


ABBYY_2 = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v2#">
  <Description>
    <MeasurementUnit>pixel</MeasurementUnit>
    <sourceImageInformation><fileName>
      0001.tif
    </fileName></sourceImageInformation>
    <OCRProcessing ID="OCR1">
      <preProcessingStep><processingDateTime>2012-03-04</processingDateTime></preProcessingStep>
      <ocrProcessingStep>
        <processingSoftware>
          <softwareCreator>ABBYY</softwareCreator>
          <softwareName>FineReader Engine</softwareName>
          <softwareVersion>10</softwareVersion>
        </processingSoftware>
      </ocrProcessingStep>
    </OCRProcessing>
  </Description>
  <Styles><TextStyle ID="TXT_0" FONTSIZE="9"/></Styles>
  <Layout>
    <Page ID="Page1" PHYSICAL_IMG_NR="1" HEIGHT="3000" WIDTH="2000" PC="0.87">
      <TopMargin HPOS="0" VPOS="0" WIDTH="2000" HEIGHT="100"/>
      <BottomMargin HPOS="0" VPOS="2900" WIDTH="2000" HEIGHT="100">
        <TextBlock ID="foot"><TextLine HPOS="9" VPOS="2910" WIDTH="10" HEIGHT="20"
          ><String CONTENT="12"/></TextLine></TextBlock>
      </BottomMargin>
      <PrintSpace HPOS="100" VPOS="100" WIDTH="1800" HEIGHT="2800">
        <ComposedBlock ID="composed" TYPE="container">
          <TextBlock ID="block1" HPOS="100" VPOS="100" WIDTH="500" HEIGHT="50" language="fr">
            <TextLine BASELINE="140" HPOS="100" VPOS="100" WIDTH="500" HEIGHT="50">
              <String ID="s1" CONTENT="Régis" WC="0.6" CC="0 9 0 0 3"
                HPOS="100" VPOS="100" WIDTH="90" HEIGHT="50"/>
              <SP HPOS="190" VPOS="100" WIDTH="10"/>
              <String CONTENT="tra" SUBS_TYPE="HypPart1" SUBS_CONTENT="tration" WC="1.7"
                HPOS="200" VPOS="100" WIDTH="90" HEIGHT="50"/>
              <HYP CONTENT="-" HPOS="290" VPOS="120" WIDTH="8" HEIGHT="5"/>
            </TextLine>
          </TextBlock>
          <Illustration ID="picture" TYPE="stamp" HPOS="1" VPOS="2" WIDTH="3" HEIGHT="4"/>
          <GraphicalElement ID="rule" HPOS="0" VPOS="0" WIDTH="0" HEIGHT="0"/>
        </ComposedBlock>
      </PrintSpace>
    </Page>
  </Layout>
</alto>"""


def test_abbyy_alto_2() -> None:
    found = read(ABBYY_2.encode())
    assert found.image.name == "0001.tif"
    assert (found.image.width, found.image.height, found.confidence) == (2000, 3000, 0.87)
    assert [region.id for region in found.regions] == ["block1", "picture", "rule", "foot"]
    assert [region.kind for region in found.regions] == [None, "stamp", "GraphicalElement", None]
    picture = found.regions[1].polygon
    assert picture is not None
    assert picture.box == Box(1, 2, 4, 6)
    assert found.regions[2].polygon is None
    first = next(found.lines)
    assert first.id == "line-1"
    assert first.text == "Régis tra-"
    assert first.baseline == Baseline(((100, 140), (600, 140)))
    assert first.polygon == Polygon(((100, 100), (600, 100), (600, 150), (100, 150)))
    regis, tra = first.words
    assert [glyph.confidence for glyph in regis.glyphs] == [1.0, 0.0, 1.0, 1.0, 0.6667]
    assert regis.confidence == 0.6
    assert tra.confidence is None
    assert tra.box == Box(200, 100, 298, 150)
    assert tra.glyphs[-1] == Glyph("-", Box(290, 120, 298, 125))
    assert regis.space == Space()
    assert [step.kind for step in found.steps] == ["other", "recognition"]
    assert found.steps[1].software == "FineReader Engine"
    assert found.steps[0].date == "2012-03-04"
    assert not found.corrected
    assert read(write_alto(found)) == found


@pytest.mark.parametrize(
    "namespace",
    [
        "",
        'xmlns="http://schema.ccs-gmbh.com/ALTO"',
        'xmlns="http://www.loc.gov/standards/alto/ns-v3#"',
        'xmlns="http://www.loc.gov/standards/alto/ns-v4#"',
    ],
)
def test_every_namespace_reads_the_same(namespace: str) -> None:
    other = ABBYY_2.replace('xmlns="http://www.loc.gov/standards/alto/ns-v2#"', namespace)
    assert read(other.encode()) == read(ABBYY_2.encode())


def test_a_prefix_and_other_encodings_read_the_same() -> None:
    prefixed = ABBYY_2.replace("xmlns=", "xmlns:a=").replace("<", "<a:").replace("<a:/", "</a:")
    prefixed = prefixed.replace("<a:?", "<?")
    assert read(prefixed.encode()) == read(ABBYY_2.encode())
    utf_16 = ABBYY_2.replace("UTF-8", "UTF-16").encode("utf-16")
    assert read(utf_16) == read(ABBYY_2.encode())
    assert read(ABBYY_2.encode("utf-8-sig")) == read(ABBYY_2.encode())
    latin = ABBYY_2.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert read(latin) == read(ABBYY_2.encode())


@pytest.mark.parametrize("unit", ["mm10", "inch1200"])
def test_other_units_are_scaled_to_the_image(unit: str) -> None:
    text = ABBYY_2.replace("pixel", unit).encode()
    with pytest.raises(BadXml, match=f"a.xml: .*{unit}") as caught:
        read(text, path="a.xml")
    assert caught.value.hint
    found = read(text, image_size=(4000, 9000))
    assert (found.image.width, found.image.height) == (4000, 9000)
    first = next(found.lines)
    assert first.baseline == Baseline(((200, 420), (1200, 420)))
    assert first.words[0].box == Box(200, 300, 380, 450)
    unsized = text.replace(b'HEIGHT="3000" WIDTH="2000"', b"").replace(
        b'WIDTH="1800" HEIGHT="2800"', b""
    )
    with pytest.raises(BadXml):
        read(unsized, image_size=(4000, 9000))


def test_a_page_without_a_size_takes_that_of_the_print_space_or_of_the_image() -> None:
    text = ABBYY_2.replace('HEIGHT="3000" WIDTH="2000"', "")
    assert (read(text.encode()).image.width, read(text.encode()).image.height) == (1800, 2800)
    text = text.replace('WIDTH="1800" HEIGHT="2800"', "")
    assert read(text.encode()).image.width == 0
    assert read(text.encode(), image_size=(50, 60)).image.height == 60


ESCRIPTORIUM = f"""<alto {V4}>
  <Description><MeasurementUnit>pixel</MeasurementUnit>
    <sourceImageInformation><fileName>f.jpg</fileName>
      <fileIdentifier>https://example.org/iiif/f</fileIdentifier></sourceImageInformation>
  </Description>
  <Tags>
    <OtherTag ID="BT9" LABEL="MainZone" DESCRIPTION="block type MainZone"/>
    <OtherTag ID="LT5" LABEL="DefaultLine" DESCRIPTION="line type DefaultLine"/>
    <OtherTag ID="LT6" LABEL="HeadingLine" DESCRIPTION="line type HeadingLine"/>
  </Tags>
  <Layout><Page WIDTH="3000" HEIGHT="2000" PHYSICAL_IMG_NR="4" ID="eSc_dummypage_">
    <PrintSpace HPOS="0" VPOS="0" WIDTH="3000" HEIGHT="2000">
      <TextBlock HPOS="5" VPOS="6" WIDTH="70" HEIGHT="80" ID="eSc_textblock_1" TAGREFS="BT9">
        <Shape><Polygon POINTS="5 6 75 6 75 86 5 86 5 6"/></Shape>
        <TextLine ID="eSc_line_1" TAGREFS="LT5 LT6" BASELINE="10 40 70 42"
            HPOS="10" VPOS="20" WIDTH="60" HEIGHT="30">
          <Shape><Polygon POINTS="10 20 70 20 70 50"/></Shape>
          <String CONTENT="Du dit  jour " WC="0.9" HPOS="10" VPOS="20" WIDTH="60" HEIGHT="30"/>
        </TextLine>
      </TextBlock>
      <TextBlock ID="eSc_dummyblock_">
        <TextLine ID="eSc_line_2" BASELINE="10,40 70,42">
          <String CONTENT="seul" WC="0.9" HPOS="10" VPOS="20" WIDTH="60" HEIGHT="30"/>
        </TextLine>
      </TextBlock>
    </PrintSpace></Page></Layout></alto>"""


def test_escriptorium() -> None:
    found = read(ESCRIPTORIUM.encode())
    main, dummy = found.regions
    assert (main.kind, dummy.kind, dummy.polygon) == ("MainZone", None, None)
    assert main.polygon == Polygon(((5, 6), (75, 6), (75, 86), (5, 86), (5, 6)))
    first, second = found.lines
    assert first.kind == "DefaultLine"
    assert first.baseline == second.baseline == Baseline(((10, 40), (70, 42)))
    assert first.text == "Du dit jour"
    assert [(word.text, word.box, word.confidence) for word in first.words] == [
        ("Du", None, None),
        ("dit", None, None),
        ("jour", None, None),
    ]
    assert second.words[0].box == Box(10, 20, 70, 50)
    assert second.words[0].confidence == 0.9
    assert found.image.sha256 is None
    assert read(write_alto(found)) == found


@pytest.mark.parametrize(
    "points",
    [
        "1 2 3.5 4 5 6e1",
        "1,2 3.5,4 5,6e1",
        "(1,2) (3.5,4) (5,6e1)",
        " 1 , 2  3.5 ,\n4 5,6e1 ",
    ],
)
def test_points_in_every_form(points: str) -> None:
    shape = f'<Shape><Polygon POINTS="{points}"/></Shape>'
    assert line(shape + string("a")).polygon == Polygon(((1, 2), (3.5, 4), (5, 60)))


def test_a_first_point_that_is_repeated_stays() -> None:
    shape = '<Shape><Polygon POINTS="1 2 3 4 5 7 1 2"/></Shape>'
    assert line(shape + string("a")).polygon == Polygon(((1, 2), (3, 4), (5, 7), (1, 2)))


@pytest.mark.parametrize("points", ["", "1 2 3 4", "1 2 3 4 1 2", "1 2 3 4 5", "1e999 1 2 2 3 3"])
def test_shapes_that_are_none(points: str) -> None:
    shape = f'<Shape><Polygon POINTS="{points}"/></Shape>'
    assert line(shape + string("a")).polygon is None


@pytest.mark.parametrize("value", ["", "40 50", "x", "1 2 3"])
def test_baselines_that_are_none(value: str) -> None:
    box = 'HPOS="1" VPOS="2" WIDTH="3" HEIGHT="4"'
    assert line(string("a"), f'BASELINE="{value}" {box}').baseline is None


def test_a_height_without_a_box_is_no_baseline() -> None:
    assert line(string("a"), 'BASELINE="40"').baseline is None
    shape = '<Shape><Polygon POINTS="1 1 9 1 9 9"/></Shape>'
    assert line(shape + string("a"), 'BASELINE="7"').baseline == Baseline(((1, 7), (9, 7)))


@pytest.mark.parametrize(
    "box",
    [
        'HPOS="1" VPOS="2" WIDTH="3"',
        'HPOS="1" VPOS="2" WIDTH="-3" HEIGHT="4"',
        'HPOS="NaN" VPOS="2" WIDTH="3" HEIGHT="4"',
        'HPOS="1e999" VPOS="2" WIDTH="3" HEIGHT="4"',
        'HPOS="" VPOS="2" WIDTH="3" HEIGHT="4"',
    ],
)
def test_boxes_that_are_none(box: str) -> None:
    assert line(string("a", box)).words[0].box is None


def test_a_number_with_an_endless_exponent_takes_no_time() -> None:
    box = 'HPOS="1e-999999999999999999999" VPOS="2" WIDTH="3" HEIGHT="4"'
    assert line(string("a", box)).words[0].box == Box(0, 2, 3, 6)


@pytest.mark.parametrize("value", ["-0.1", "1.01", "", "NaN", "high", "inf"])
def test_confidences_out_of_range_are_unknown(value: str) -> None:
    glyphs = f'<Glyph CONTENT="a" GC="{value}"/>'
    word = line(string("a", f'WC="{value}"', glyphs)).words[0]
    assert word.confidence is None
    assert word.glyphs[0].confidence is None
    assert page("", attributes=f'PC="{value}"').confidence is None


def test_zero_and_one_are_confidences() -> None:
    assert line(string("a", 'WC="0"')).words[0].confidence == 0
    assert line(string("a", 'WC="1"')).words[0].confidence == 1


def test_strings_without_a_space_between_are_joined() -> None:
    found = line(string("l'") + string("an") + "<SP/>" + string("mil"))
    assert found.text == "l'an mil"
    assert [word.space for word in found.words] == [None, Space(), None]


def test_white_space_at_a_strings_ends_is_a_space() -> None:
    assert line(string("le ") + string("mot")).text == "le mot"
    assert line(string("le") + string(" mot")).text == "le mot"
    assert line(string("le ") + "<SP/>" + string(" mot ")).text == "le mot"
    assert line(string("le") + string(" ") + string("mot")).text == "le mot"
    assert line("<SP/>" + string(" ") + string("mot") + "<SP/>").text == "mot"


def test_a_string_of_white_space_or_none_is_no_word() -> None:
    assert line(string("")).words == ()
    assert line("<String/>").words == ()
    assert line("").words == ()


def test_text_becomes_nfc() -> None:
    assert line(string("e\u0301te\u0301")).text == "\u00e9t\u00e9"


def test_a_hyphen_without_content_or_without_a_word() -> None:
    assert line(string("a") + "<HYP/>").text == "a-"
    assert line(string("a") + "<SP/>" + '<HYP CONTENT="¬"/>').text == "a¬"
    assert line('<HYP CONTENT="¬"/>').text == "¬"
    assert line(string("a") + '<HYP CONTENT=" "/>').text == "a"


def test_kraken_writes_a_glyph_for_each_code_point() -> None:
    inner = (
        '<Glyph CONTENT="e" HPOS="0" VPOS="0" WIDTH="4" HEIGHT="9" GC="1"/>'
        '<Glyph CONTENT="\u0305" HPOS="4" VPOS="0" WIDTH="1" HEIGHT="9" GC="0.25"/>'
        '<Glyph CONTENT="t" HPOS="5" VPOS="0" WIDTH="4" HEIGHT="9" GC="0.75"/>'
    )
    glyphs = line(string("e\u0305t", inner=inner)).words[0].glyphs
    assert glyphs == (
        Glyph("e\u0305", Box(0, 0, 5, 9), confidence=0.5),
        Glyph("t", Box(5, 0, 9, 9), confidence=0.75),
    )


@pytest.mark.parametrize("content", ["mouton", "mais", "maisons", "m"])
def test_glyphs_of_another_text_than_the_string_are_left(content: str) -> None:
    inner = "".join(f'<Glyph CONTENT="{letter}" GC="0.5"/>' for letter in content)
    glyphs = line(string("maison", 'WC="0.5"', inner)).words[0].glyphs
    assert glyphs == tuple(Glyph(letter) for letter in "maison")


def test_cc_of_another_length_is_left() -> None:
    assert line(string("mot", 'CC="00"')).words[0].glyphs[0].confidence is None
    assert line(string("mot", 'CC="009"')).words[0].glyphs[2].confidence == 0


@pytest.mark.parametrize(
    "body",
    [
        '<TextBlock ID="b" CS="true"><TextLine><String CONTENT="a"/></TextLine></TextBlock>',
        '<TextBlock ID="b"><TextLine CS="1"><String CONTENT="a"/></TextLine></TextBlock>',
        '<TextBlock ID="b"><TextLine><String CONTENT="a" CS="true"/></TextLine></TextBlock>',
    ],
)
def test_corrections_at_every_level(body: str) -> None:
    assert page(body).corrected
    assert not page(body.replace("true", "false").replace('"1"', '"0"')).corrected


def test_directions() -> None:
    hebrew = string("שלום")
    assert line(hebrew).direction == "rtl"
    assert line(hebrew, 'BASEDIRECTION="ltr"').direction == "ltr"
    assert line(string("a"), 'BASEDIRECTION="ttb"').direction == "ttb"
    assert line(string("a"), 'BASEDIRECTION="sideways"').direction == "ltr"
    block = '<TextBlock ID="b" BASEDIRECTION="btt"><TextLine><String CONTENT="a"/></TextLine>'
    assert next(page(f"{block}</TextBlock>").lines).direction == "btt"


TAGS = """<Tags>
  <LayoutTag ID="layout" LABEL="column"/>
  <StructureTag ID="structure" LABEL="heading" TYPE="region"/>
  <RoleTag ID="role" LABEL="note"/>
  <OtherTag ID="line" LABEL="verse" TYPE="line"/>
  <OtherTag ID="language" LABEL="fra" TYPE="language"/>
  <OtherTag ID="unnamed" LABEL=""/>
  <NamedEntityTag ID="person" LABEL="Dupont"/>
</Tags>"""


@pytest.mark.parametrize(
    ("refs", "block_kind", "line_kind"),
    [
        ("layout", "column", "column"),
        ("layout structure line", "heading", "verse"),
        ("language role layout", "note", "note"),
        ("language", None, None),
        ("person", None, None),
        ("unnamed missing", None, None),
        ("", None, None),
    ],
)
def test_kinds(refs: str, block_kind: str | None, line_kind: str | None) -> None:
    body = f'<TextBlock ID="b" TAGREFS="{refs}"><TextLine TAGREFS="{refs}"/></TextBlock>'
    found = page(body, tags=TAGS)
    assert found.regions[0].kind == block_kind
    assert next(found.lines).kind == line_kind


BLOCKS = "".join(
    f'<TextBlock ID="{block}">'
    + "".join(
        f'<TextLine ID="{block}{n}"><String CONTENT="{block}{n}"/></TextLine>' for n in (1, 2)
    )
    + "</TextBlock>"
    for block in "abc"
)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("", "a1 a2 b1 b2 c1 c2"),
        (
            "<OrderedGroup><ElementRef REF='c'/><ElementRef REF='a'/></OrderedGroup>",
            "c1 c2 a1 a2 b1 b2",
        ),
        (
            "<OrderedGroup><ElementRef REF='b2 b1'/><ElementRef REF='a'/></OrderedGroup>",
            "b2 b1 a1 a2 c1 c2",
        ),
        ("<OrderedGroup><ElementRef REF='nowhere'/></OrderedGroup>", "a1 a2 b1 b2 c1 c2"),
        (
            "<OrderedGroup><OrderedGroup REF='c'><ElementRef REF='c2'/></OrderedGroup>"
            "<ElementRef REF='b'/><ElementRef REF='c'/></OrderedGroup>",
            "c2 c1 b1 b2 a1 a2",
        ),
        (
            "<UnorderedGroup><OrderedGroup><ElementRef REF='b'/></OrderedGroup>"
            "<OrderedGroup><ElementRef REF='c'/></OrderedGroup></UnorderedGroup>",
            "b1 b2 a1 a2 c1 c2",
        ),
        ("<UnorderedGroup><ElementRef REF='c'/></UnorderedGroup>", "a1 a2 b1 b2 c1 c2"),
        ("<OrderedGroup><ElementRef REF='c b a c'/></OrderedGroup>", "c1 c2 b1 b2 a1 a2"),
    ],
)
def test_reading_orders(groups: str, expected: str) -> None:
    order = f"<ReadingOrder>{groups}</ReadingOrder>" if groups else ""
    found = page(BLOCKS, tags=order)
    assert " ".join(line.text for line in found.lines) == expected


def test_missing_and_repeated_ids_are_made_up() -> None:
    body = (
        '<TextBlock><TextLine/><TextLine ID="line-1"/></TextBlock><TextBlock ID="x"/>'
        '<TextBlock ID="x"><TextLine ID="x"/></TextBlock>'
    )
    found = page(body)
    assert [region.id for region in found.regions] == ["region-1", "x", "x-2"]
    assert [line.id for line in found.lines] == ["line-2", "line-1", "x-3"]


def test_the_first_of_several_pages_is_read_and_none_is_an_error() -> None:
    two = ABBYY_2.replace("</Layout>", '<Page ID="Page2" PHYSICAL_IMG_NR="2"/></Layout>')
    assert read(two.encode()) == read(ABBYY_2.encode())
    with pytest.raises(BadXml, match=r"b.xml: .*no page"):
        read(f"<alto {V4}><Layout/></alto>".encode(), path="b.xml")


def test_blocks_and_lines_without_anything() -> None:
    found = page(
        '<TextBlock ID="a"/><ComposedBlock ID="b"/><TextBlock ID="c"><TextLine/></TextBlock>'
    )
    assert [(region.id, region.kind, len(region.lines)) for region in found.regions] == [
        ("a", None, 0),
        ("b", "ComposedBlock", 0),
        ("c", None, 1),
    ]
    assert page("").regions == ()
