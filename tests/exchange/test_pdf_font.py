from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.cmapdb import CMapParser, FileUnicodeMap

from htr.document.text import clean, graphemes
from htr.errors import OutputError
from htr.exchange.pdf import font
from htr.exchange.pdf.content import content
from htr.exchange.pdf.font import Codes, font_file, to_unicode
from htr.exchange.pdf.placement import Placed, PlacedLine, Sheet

SHEET = Sheet(200.0, 100.0, (200, 100))


@given(st.text(min_size=1).map(clean))
def test_codes_come_back_as_the_clusters_that_they_stand_for(text: str) -> None:
    codes = Codes()
    encoded = codes.encode(graphemes(text))
    table = FileUnicodeMap()
    CMapParser(table, BytesIO(to_unicode(codes.clusters))).run()
    numbers = (int(encoded[place : place + 4], 16) for place in range(0, len(encoded), 4))
    assert "".join(map(table.get_unichr, numbers)) == text


def test_a_code_is_given_once() -> None:
    codes = Codes()
    assert codes.encode("aba") == "000100020001"
    assert codes.clusters == ("a", "b")


def test_more_characters_than_codes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font, "_MOST", 2)
    with pytest.raises(OutputError, match="different characters"):
        Codes().encode("abc")


def test_the_blank_glyph_leaves_no_mark_and_has_an_extent() -> None:
    file = TTFont(BytesIO(font_file()))
    blank = file["glyf"][file.getGlyphName(1)]
    assert (blank.xMin, blank.yMin, blank.xMax, blank.yMax) == (0, font.DESCENT, 500, font.ASCENT)
    first, second = blank.endPtsOfContours
    assert len(set(blank.coordinates[: first + 1])) == 1
    assert len(set(blank.coordinates[first + 1 : second + 1])) == 1


def test_the_font_is_always_the_same() -> None:
    assert font_file() == font_file()


def test_content_shows_the_image_then_text_that_fills_its_width() -> None:
    line = PlacedLine(
        (Placed(("a", "b"), 10.0, 20.0, 30.0), Placed((" ",), 40.0, 20.0, -6.0)), 12.0, 1
    )
    assert content(SHEET, [line], Codes()).decode() == (
        "q 200 0 0 100 0 0 cm /Scan Do Q\n"
        "BT 3 Tr\n"
        "/Text 12 Tf\n"
        "250 Tz 0 -1 1 0 10 20 Tm\n"
        "<00010002> Tj\n"
        "-100 Tz 0 -1 1 0 40 20 Tm\n"
        "<0003> Tj\n"
        "ET\n"
    )


def test_a_word_of_no_width_can_be_found_still() -> None:
    line = PlacedLine((Placed(("a",), 10.0, 20.0, 0.0),), 12.0, 0)
    assert b"\n1 Tz 1 0 0 1 10 20 Tm\n" in content(SHEET, [line], Codes())
