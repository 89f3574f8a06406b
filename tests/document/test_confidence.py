"""The one rule for confidences."""

from dataclasses import replace
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.confidence import (
    WordRule,
    evidence,
    geometric_mean,
    log_odds,
    of_line,
    of_page,
    of_word,
    with_words,
)
from htr.document.page import Glyph, Line, Space, Word

CONFIDENCES = st.floats(0.01, 1.0)


def word(*confidences: float | None, space: Space | None = None) -> Word:
    return Word(tuple(Glyph("a", confidence=value) for value in confidences), space=space)


def test_a_word_is_as_probable_as_all_its_glyphs_together() -> None:
    assert of_word(word(0.9, 0.4)) == 0.36
    assert of_word(word(0.9, 0.0)) == 0.0


def test_unknown_parts_are_left_out_and_unknown_stays_unknown() -> None:
    assert of_word(word(0.9, None, 0.4)) == 0.36
    assert of_word(word(None)) is None
    assert of_line(Line("l")) is None
    assert of_page([Line("l", words=(word(None),))]) is None


def test_spaces_count_in_a_line() -> None:
    line = Line("l", words=(word(0.9, space=Space(confidence=0.1)), word(0.9)))
    assert of_line(line) == pytest.approx((0.9 * 0.1 * 0.9) ** (1 / 3), abs=1e-4)


def test_a_network_that_is_sure_of_nothing_gives_no_error() -> None:
    assert geometric_mean([(0.0, 1.0), (1.0, 1.0)]) == 0.001


@given(st.lists(CONFIDENCES, min_size=1))
def test_the_mean_lies_between_least_and_most(values: list[float]) -> None:
    mean = geometric_mean((value, 1.0) for value in values)
    assert mean is not None
    assert min(values) - 1e-4 <= mean <= max(values) + 1e-4


@given(st.lists(st.lists(CONFIDENCES, min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_page_is_the_mean_over_all_its_characters(lines: list[list[float]]) -> None:
    read = [
        replace(line, confidence=of_line(line))
        for line in (Line(str(index), words=(word(*v),)) for index, v in enumerate(lines))
    ]
    flat = geometric_mean((value, 1.0) for values in lines for value in values)
    page = of_page(read)
    assert page is not None
    assert flat is not None
    assert isclose(page, flat, abs_tol=5e-4)


@given(st.lists(CONFIDENCES, min_size=1, max_size=30))
def test_no_word_is_surer_than_its_least_sure_glyph(values: list[float]) -> None:
    found = of_word(word(*values))
    assert found is not None
    assert 0 <= found <= min(values) + 1e-4


def test_without_a_rule_words_have_the_product_of_their_glyphs() -> None:
    line = with_words(Line("l", words=(word(0.9, 0.4), word(None))), None)
    assert [one.confidence for one in line.words] == [0.36, None]


def test_evidence_is_of_the_word_its_spaces_and_its_line() -> None:
    line = Line(
        "l",
        words=(word(0.9, 0.5, space=Space(confidence=0.6)), word(0.8), word(None)),
    )
    whole = of_line(line)
    assert whole is not None
    first, second, third = evidence(line)
    assert first == pytest.approx((log(0.45), log_odds(0.5), log_odds(0.6), log_odds(whole)))
    assert second == pytest.approx((log(0.8), log_odds(0.8), log_odds(0.6), log_odds(whole)))
    assert third is None
    (alone,) = evidence(Line("l", words=(word(0.8),)))
    assert alone is not None
    assert alone[2] == alone[3]


def test_a_rule_weighs_the_evidence() -> None:
    rule = WordRule(intercept=0.0, product=0.0, least=1.0, space=0.0, line=0.0)
    line = with_words(Line("l", words=(word(0.9, 0.4), word(None))), rule)
    assert [one.confidence for one in line.words] == [0.4, None]
    certain = WordRule(intercept=1000.0, product=0.0, least=0.0, space=0.0, line=0.0)
    (one,) = with_words(Line("l", words=(word(0.5),)), certain).words
    assert one.confidence == 1.0


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5))
def test_whatever_the_network_says_evidence_is_finite(values: list[float]) -> None:
    (known,) = evidence(Line("l", words=(word(*values),)))
    assert known is not None
    assert all(-20 < value < 20 for value in known)
