"""hOCR of other programs: small files in the manner of each, and each rule of the reader."""

import pytest

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Space
from htr.errors import BadXml, UnsafeXml
from htr.formats.hocr_reader import read_hocr

TESSERACT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title></title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name='ocr-system' content='tesseract 5.3.0' />
 </head>
 <body>
  <div class='ocr_page' id='page_1'
    title='image "C:\\scans\\p 1;2.png"; bbox 0 0 640 480; ppageno 0; scan_res 300 300'>
   <div class='ocr_carea' id='block_1_1' title="bbox 36 90 580 200">
    <p class='ocr_par' id='par_1_1' lang='fra' title="bbox 36 92 580 120">
     <span class='ocr_header' id='line_1_1'
        title="bbox 36 92 580 122; baseline -0.005 -8; x_size 30; x_descenders 6">
      <span class='ocrx_word' id='word_1_1' title='bbox 36 92 96 116; x_wconf 96'>L&#39;été</span>
      <span class='ocrx_word' id='word_1_2' title='bbox 109 92 173 116; x_wconf 101'>
        <span class='ocrx_cinfo' title='x_bboxes 109 92 120 116; x_conf 98.5'>d</span><span
        class='ocrx_cinfo' title='x_bboxes 121 92 130 116; x_conf 7.25'>u</span></span>
     </span>
    </p>
   </div>
   <div class='ocr_photo' id='block_1_2' title="bbox 0 300 50 400"></div>
   <div class='ocr_carea' id='block_1_3' title="bbox 36 220 580 250">
    <p class='ocr_par' dir='rtl'><span class='ocr_line' id='line_1_2' title="bbox 36 220 580 250">
      <span class='ocrx_word' title='bbox 36 220 90 250; x_wconf 0'>7</span></span></p>
   </div>
  </div>
 </body>
</html>
"""


def read_one(text: str) -> Page:
    (page,) = read_hocr(text.encode())
    return page


def lines(body: str, title: str = "bbox 0 0 90 90") -> list[Line]:
    return list(read_one(f'<html><div class="ocr_page" title="{title}">{body}</div></html>').lines)


def line(body: str) -> Line:
    (found,) = lines(f'<span class="ocr_line" title="bbox 0 0 90 20">{body}</span>')
    return found


def test_tesseract() -> None:
    page = read_one(TESSERACT)
    assert page.image == ImageRef("C:/scans/p 1;2.png", 640, 480)
    assert [(region.id, region.kind) for region in page.regions] == [
        ("block_1_1", None),
        ("block_1_2", "GraphicZone"),
        ("block_1_3", None),
    ]
    first, second = page.lines
    assert first.text == "L'été du"
    assert first.kind == "HeadingLine"
    assert first.baseline == Baseline(((36, 114), (580, 114 - 0.005 * 544)))
    assert first.polygon == Polygon(((36, 92), (580, 92), (580, 122), (36, 122)))
    assert (first.words[0].box, first.words[0].confidence) == (Box(36, 92, 96, 116), 0.96)
    assert first.words[0].space == Space()
    assert first.words[1].confidence is None
    assert first.words[1].glyphs == (
        Glyph("d", Box(109, 92, 120, 116), confidence=0.985),
        Glyph("u", Box(121, 92, 130, 116), confidence=0.0725),
    )
    assert (second.text, second.direction, second.words[0].confidence) == ("7", "rtl", 0.0)


@pytest.mark.parametrize(
    "change",
    [
        ("</p>", ""),  # HTML that is not XML
        ("<title></title>", "<title>&nbsp;</title>"),  # an entity that only HTML has
        ("<head>", "<head><!-- DOCTYPE --><?php x ?>"),
        ("html xmlns", "HTML XMLNS"),
    ],
)
def test_tesseract_in_looser_forms(change: tuple[str, str]) -> None:
    assert change[0] in TESSERACT
    assert read_one(TESSERACT.replace(*change)) == read_one(TESSERACT)


def test_latin_1_with_its_charset() -> None:
    body = '<span class="ocr_line">été</span>'
    text = f'<meta charset="iso-8859-1"><div class="ocr_page">{body}</div>'
    (page,) = read_hocr(text.encode("latin-1"))
    assert page.text == "été"


def test_kraken() -> None:
    containers = pytest.importorskip("kraken.containers")
    serialization = pytest.importorskip("kraken.serialization")
    found = containers.BaselineLine(
        id="line_1",
        baseline=[(0, 30), (90, 30)],
        boundary=[(0, 0), (90, 0), (90, 40), (0, 40)],
        regions=["region_1"],
    )
    cuts = [(start, start + 9) for start in range(0, 50, 10)]
    record = containers.BaselineOCRRecord(
        "de <&", cuts, [0.9, 1.0, 0.25, 0.7, 0.6], found, display_order=False
    )
    zone = containers.Region(
        id="region_1",
        boundary=[(0, 0), (99, 0), (99, 99)],
        tags={"type": [{"type": "MainZone"}]},
    )
    segmentation = containers.Segmentation(
        type="baselines",
        imagename="p.jpg",
        text_direction="horizontal-lr",
        script_detection=False,
        lines=[record],
        regions={"MainZone": [zone]},
        line_orders=[],
    )
    page = read_one(serialization.serialize(segmentation, (1000, 800), template="hocr"))
    assert page.image == ImageRef("p.jpg", 1000, 800)
    assert [(region.id, region.polygon) for region in page.regions] == [
        ("region_1", Polygon(((0, 0), (99, 0), (99, 99))))
    ]
    (first,) = page.lines
    assert first.text == "de <&"
    assert first.polygon == Polygon(((0, 0), (90, 0), (90, 40), (0, 40)))
    assert [glyph.confidence for glyph in first.words[0].glyphs] == [0.9, 1.0]
    assert [glyph.confidence for glyph in first.words[1].glyphs] == [0.7, 0.6]


def test_several_pages() -> None:
    body = '<div class="ocr_page" id="{0}"><span class="ocr_line">{0}</span></div>'
    text = f"<html>{body.format('a')}{body.format('b')}</html>"
    assert [(page.id, page.text) for page in read_hocr(text.encode())] == [("a", "a"), ("b", "b")]


def test_lines_in_no_area_are_a_region_where_they_stand() -> None:
    area = '<div class="ocr_carea" id="area"><span class="ocr_line">b</span></div>'
    loose = '<span class="ocr_line">{}</span>'
    text = loose.format("a") + area + loose.format("c") + loose.format("d")
    page = read_one(f'<html><div class="ocr_page">{text}</div></html>')
    assert [(region.id, len(region.lines)) for region in page.regions] == [
        ("region-1", 1),
        ("area", 1),
        ("region-2", 2),
    ]
    assert page.text == "a\nb\nc\nd"


def test_a_line_within_a_line_is_no_line_of_its_own() -> None:
    inner = '<span class="ocrx_line"><span class="ocrx_word">a</span></span>'
    assert [found.text for found in lines(f'<span class="ocr_line">{inner}</span>')] == ["a"]


def test_text_without_words_and_between_them() -> None:
    assert line("le  moulin<br/>à vent").text == "le moulinà vent"
    mixed = line('«<span class="ocrx_word" title="x_wconf 50">le</span> moulin»')
    assert mixed.text == "«le moulin»"
    assert [word.confidence for word in mixed.words] == [None, 0.5, None]
    assert line('<i><span class="ocrx_word">a</span></i> <b>b</b>').text == "a b"


def test_words_that_hold_white_space() -> None:
    assert line('<span class="ocrx_word" title="x_wconf 9"> le moulin </span>à').text == (
        "le moulin à"
    )
    spaced = line(
        '<span class="ocrx_word">a</span><span class="ocrx_word" title="x_wconf 50"> </span>'
        '<span class="ocrx_word">b</span>'
    )
    assert [word.space for word in spaced.words] == [Space(None, 0.5), None]


def test_readings_that_came_second_are_left() -> None:
    body = '<span class="alternatives"><ins class="alt">or</ins><del class="alt">os</del></span>'
    assert line(f'<span class="ocrx_word">{body}</span>').text == "or"


def test_values_by_code_point_and_by_grapheme() -> None:
    def confidences(values: str) -> list[float | None]:
        found = line(f'<span class="ocrx_word" title="x_confs {values}">e\u0305t</span>')
        return [glyph.confidence for glyph in found.words[0].glyphs]

    assert confidences("50 40 30") == [0.4, 0.3]
    assert confidences("50 40") == [0.5, 0.4]
    assert confidences("50") == [None, None]
    assert confidences("50 x") == [0.5, None]


@pytest.mark.parametrize("baseline", ["", "0.1", "0.1 a", "0.1 0.2 3"])
def test_a_baseline_that_is_not_straight_is_left(baseline: str) -> None:
    (found,) = lines(f'<i class="ocr_line" title="bbox 0 0 9 9; baseline {baseline}">a</i>')
    assert found.baseline is None
    assert found.polygon is not None


def test_bad_numbers_are_unknown() -> None:
    for value in ("-1", "nan", "1e999", "1e-999999999999", ""):
        found = line(f'<span class="ocrx_word" title="bbox 1 2 3; x_wconf {value}">a</span>')
        assert found.words[0].confidence in (None, 0.0)
        assert found.words[0].box is None


@pytest.mark.parametrize(
    "text", ["", "  ", "plain text", "<html/>", "<alto><Layout/></alto>", "\x00\x01"]
)
def test_what_is_no_hocr_is_an_error(text: str) -> None:
    with pytest.raises(BadXml, match=r"x\.hocr"):
        read_hocr(text.encode(), path="x.hocr")


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE html SYSTEM "x.dtd"><!DOCTYPE html [<!ENTITY a "b">]>',
    ],
)
def test_a_doctype_that_declares_anything_is_refused(declared: str) -> None:
    with pytest.raises((UnsafeXml, BadXml), match=r"x\.hocr"):
        read_hocr(f"{declared}<html>&a;</html>".encode(), path="x.hocr")


def test_an_entity_is_never_expanded() -> None:
    body = '<div class="ocr_page"><i class="ocr_line">&a;</i></div>'
    text = f'<html><!DOCTYPE html [<!ENTITY a "secret">]>{body}'
    assert "secret" not in read_one(text).text


def test_elements_in_great_depth() -> None:
    deep = '<div class="ocr_page"><span class="ocr_line">' + "<i>" * 100_000 + "x"
    assert len(read_hocr(deep.encode())) == 1


def test_a_title_of_great_length_takes_no_great_time() -> None:
    (found,) = lines(f'<i class="ocr_line" title="{"a" * 500_000}; bbox 1 2 3 4">a</i>')
    assert found.polygon is not None
