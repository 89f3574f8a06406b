"""Characters become words with boxes and confidences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.geometry import Box, Polygon
from htr.document.page import Glyph, ImageRef, Line, Region
from htr.pipeline import assemble


def reading(text: str, confidence: float = 0.9) -> tuple[Glyph, ...]:
    return tuple(
        Glyph(
            character,
            polygon=Polygon(((i * 10, 0), (i * 10 + 10, 0), (i * 10 + 10, 20), (i * 10, 20))),
            confidence=confidence,
        )
        for i, character in enumerate(text)
    )


def test_words_have_the_box_around_their_glyphs_and_spaces_theirs() -> None:
    line = assemble.line_with_text(Line("l"), reading("le  roi"))
    assert [word.text for word in line.words] == ["le", "roi"]
    assert [word.box for word in line.words] == [Box(0, 0, 20, 20), Box(40, 0, 70, 20)]
    space = line.words[0].space
    assert space is not None
    assert space.box == Box(20, 0, 40, 20)
    assert space.confidence == 0.9
    assert line.words[1].space is None
    assert line.confidence == 0.9


def test_marks_join_their_letter_and_are_composed() -> None:
    (word,) = assemble.line_with_text(Line("l"), reading("e\u0301tx\u0323\u0327")).words
    assert [glyph.text for glyph in word.glyphs] == ["é", "t", "x\u0327\u0323"]
    assert word.glyphs[0].box == Box(0, 0, 20, 20)


def test_blank_ends_make_no_words_or_spaces() -> None:
    line = assemble.line_with_text(Line("l"), reading("  a  "))
    assert [word.text for word in line.words] == ["a"]
    assert line.words[0].space is None
    assert line.text == "a"


def test_nothing_read_is_an_empty_line_of_unknown_confidence() -> None:
    line = assemble.line_with_text(Line("l"), ())
    assert line.words == ()
    assert line.confidence is None


def test_direction_follows_the_text() -> None:
    assert assemble.line_with_text(Line("l"), reading("שלום")).direction == "rtl"


def test_corrected_lines_keep_their_text() -> None:
    corrected = assemble.line_with_text(Line("l2", corrected=True), reading("vrai"))
    regions = (Region("r", lines=(Line("l1"), corrected, Line("l3"))),)
    (region,) = assemble.lines_with_text(regions, [reading("un"), reading("trois")])
    assert [line.text for line in region.lines] == ["un", "vrai", "trois"]


def test_a_pages_confidence_weighs_lines_by_characters() -> None:
    lines = (
        assemble.line_with_text(Line("a"), reading("aaaa", 0.9)),
        assemble.line_with_text(Line("b"), reading("b", 0.5)),
    )
    page = assemble.page("p", ImageRef("p.jpg", 1, 1), (Region("r", lines=lines),), ())
    assert page.confidence == pytest.approx((0.9**4 * 0.5) ** 0.2, abs=1e-3)


@given(st.text(st.sampled_from("abé \u0301\u0327'א")))
def test_no_character_is_lost_but_blanks(text: str) -> None:
    line = assemble.line_with_text(Line("l"), reading(text))
    merged = "".join(glyph.text for glyph in assemble.merge(reading(text)))
    assert line.text.split() == merged.split()
    assert all(word.glyphs for word in line.words)
