from __future__ import annotations

import sys
from dataclasses import replace
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.geometry import Baseline, Box, Point
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.exchange.pdf.placement import PlacedLine, Sheet, place

sys.path.append(str(Path(__file__).parents[1] / "formats"))
from format_strategies import pages

SHEET = Sheet(500.0, 1000.0, (1000, 2000))  # half a point a pixel


def word(text: str, left: float, right: float, *, confidence: float | None = None) -> Word:
    glyphs = tuple(map(Glyph, text))
    return Word(glyphs, Box(left, 980, right, 1010), confidence, Space())


def line(*words: Word, points: tuple[Point, ...] = ((100, 1000), (700, 1000))) -> Line:
    last = replace(words[-1], space=None)
    return Line("l", Baseline(points), words=(*words[:-1], last))


def placed(*lines: Line, **options: object) -> tuple[PlacedLine, ...]:
    page = Page("p", ImageRef("p.jpg", 1000, 2000), (Region("r", lines=lines),))
    return place(page, SHEET, **options)  # type: ignore[arg-type]


def texts(found: PlacedLine) -> list[str]:
    return ["".join(word.clusters) for word in found.words]


def test_words_lie_in_their_boxes_on_the_baseline_with_spaces_between() -> None:
    (found,) = placed(line(word("le", 100, 200), word("maire", 216, 600)))
    assert texts(found) == ["le", " ", "maire"]
    assert [(one.x, one.y, one.way) for one in found.words] == [
        (50, 500, 50),
        (100, 500, 8),
        (108, 500, 192),
    ]


def test_font_size_is_two_thirds_of_the_pitch() -> None:
    first = line(word("un", 100, 200))
    second = replace(first, baseline=Baseline(((100, 1030), (700, 1030))))
    for found in placed(first, second):
        assert found.size == pytest.approx(0.67 * 30 / 2)


def test_a_line_far_from_others_goes_by_its_own_height() -> None:
    (found,) = placed(line(word("un", 100, 200)))
    assert found.size == pytest.approx(0.67 * 1.25 * 30 / 2)


def test_each_word_has_its_own_height_on_a_line_that_is_nearly_level() -> None:
    (found,) = placed(
        line(word("un", 100, 300), word("an", 316, 684), points=((100, 1000), (700, 1006)))
    )
    assert [one.y for one in found.words if one.clusters != (" ",)] == [499.5, 498]


@pytest.mark.parametrize(
    "points",
    [
        ((100.0, 1000.0), (700.0, 1020.0)),  # 1.9 degrees
        ((100.0, 1000.0), (400.0, 1030.0), (700.0, 1000.0)),  # 30 pixels of sag
    ],
)
def test_a_skewed_or_sagging_line_lies_at_one_height(points: tuple[Point, ...]) -> None:
    (found,) = placed(line(word("un", 100, 300), word("an", 500, 700), points=points))
    heights = {one.y for one in found.words}
    mean = {2: 1010, 3: 1015}[len(points)]
    assert heights == {1000 - mean / 2}


def test_words_that_touch_are_set_apart() -> None:
    (found,) = placed(line(word("un", 100, 300), word("an", 298, 500)))
    first, space, second = found.words
    assert first.x + first.way == pytest.approx(space.x)
    assert space.x + space.way == pytest.approx(second.x)
    assert space.way == pytest.approx(0.25 * found.size)


def test_words_far_apart_are_brought_nearer() -> None:
    (found,) = placed(line(word("un", 100, 300), word("an", 500, 700)))
    first, space, second = found.words
    assert first.x + first.way == pytest.approx(space.x)
    assert space.x + space.way == pytest.approx(second.x)
    assert space.way == pytest.approx(0.8 * found.size)
    assert (first.x, second.x + second.way) == (50, 350)
    assert first.way == pytest.approx(second.way)


def test_words_of_unknown_boxes_share_the_baseline_out() -> None:
    bare = [replace(one, box=None) for one in (word("deux", 0, 1), word("m", 0, 1))]
    (found,) = placed(line(*bare))
    assert [(one.x, one.way) for one in found.words] == [(50, 200), (250, 50), (300, 50)]


def test_words_without_a_space_between_are_one() -> None:
    first = replace(word("l'", 100, 200), space=None)
    (found,) = placed(line(first, word("an", 200, 300)))
    assert texts(found) == ["l'an"]


@pytest.mark.parametrize("hyphen", ["-", "¬", "\u00ad", "\u2010"])
def test_a_hyphen_that_splits_a_word_is_one_that_readers_join(hyphen: str) -> None:
    (found,) = placed(line(word("prési" + hyphen, 100, 300)))
    assert texts(found) == ["prési-"]


def test_a_mark_that_stands_alone_is_no_hyphen() -> None:
    (found,) = placed(line(word("le", 100, 200), word("¬", 300, 320)))
    assert texts(found)[-1] == "¬"


def test_words_from_right_to_left_go_a_negative_way_and_numbers_do_not() -> None:
    words = (word("שנת", 500, 700), word("1827", 320, 484), word("כאן", 100, 304))
    (found,) = placed(replace(line(*words), direction="rtl"))
    assert texts(found) == ["שנת", " ", "1827", " ", "כאן"]
    assert [(one.x, one.way) for one in found.words] == [
        (350, -100),
        (250, -8),
        (160, 82),
        (160, -8),
        (152, -102),
    ]


@pytest.mark.parametrize(
    ("points", "turns", "start"),
    [
        (((300.0, 600.0), (300.0, 1200.0)), 1, (150, 700)),
        (((700.0, 600.0), (100.0, 600.0)), 2, (350, 700)),
        (((300.0, 1200.0), (300.0, 600.0)), 3, (150, 400)),
    ],
)
def test_lines_that_are_not_written_to_the_right_are_turned(
    points: tuple[Point, ...], turns: int, start: Point
) -> None:
    bare = Word(tuple(map(Glyph, "note")))
    (found,) = placed(line(bare, points=points))
    (only,) = found.words
    assert (found.turns, (only.x, only.y), only.way) == (turns, start, 300)


def test_weak_words_are_left_out_and_unknown_ones_stay() -> None:
    words = (
        word("un", 100, 200, confidence=0.9),
        word("deux", 300, 400),
        word("trois", 500, 600, confidence=0.4),
    )
    (found,) = placed(line(*words), min_confidence=0.5)
    assert texts(found) == ["un", " ", "deux"]
    assert not placed(line(words[2]), min_confidence=0.5)


def test_only_reviewed_lines_are_kept_if_asked_for() -> None:
    raw = line(word("un", 100, 200))
    reviewed = replace(line(word("deux", 100, 200)), id="m", corrected=True)
    assert [texts(one) for one in placed(raw, reviewed, text="reviewed")] == [["deux"]]


@given(pages(), st.floats(0, 1), st.sampled_from(("best", "reviewed")))
def test_whatever_the_page_all_text_is_placed_or_left_out_by_the_rules(
    page: Page, least: float, text: str
) -> None:
    found = place(page, SHEET, min_confidence=least, text=text)  # type: ignore[arg-type]
    if least == 0 and text == "best":
        lines = [one for one in page.lines if one.text and one.box is not None]
        assert len(found) == len(lines)
    for one in found:
        assert one.size > 0
        assert one.turns in range(4)
        assert one.words[-1].clusters != (" ",)
        for word in one.words:
            assert all(map(isfinite, (word.x, word.y, word.way)))
