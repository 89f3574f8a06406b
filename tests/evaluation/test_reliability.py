"""Calibration error, ranking, and which errors the least sure words hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.metrics import EditCounts
from htr.evaluation.judging import Judged, Judgements
from htr.evaluation.reliability import (
    BINS,
    Found,
    JudgedLine,
    Reliability,
    bands,
    found,
    reliability,
    trust,
)

judged = st.lists(
    st.builds(Judged, st.sampled_from([0.0, 0.1, 0.33, 0.5, 0.9, 1.0]), st.booleans()),
    min_size=1,
    max_size=40,
)


def of(*pairs: tuple[float, bool]) -> Reliability:
    known = reliability([Judged(*pair) for pair in pairs])
    assert known is not None
    return known


def test_half_right_at_a_half_is_calibrated() -> None:
    one = of((0.5, True), (0.5, False))
    assert one.error == 0
    assert (one.count, one.right, one.confidence) == (2, 0.5, 0.5)


def test_the_error_is_the_gap_weighted_by_numbers() -> None:
    # three words at 0.9, two right: gap 0.9 - 2/3; one at 0.1, wrong: gap 0.1
    one = of((0.9, True), (0.9, True), (0.9, False), (0.1, False))
    assert one.error == pytest.approx(3 / 4 * (0.9 - 2 / 3) + 1 / 4 * 0.1)


def test_bins_hold_all_and_the_surest_is_in_the_last() -> None:
    one = of((1.0, True), (0.0, False), (0.5, True))
    assert sum(each.count for each in one.bins) == 3
    assert len(one.bins) == BINS
    assert one.bins[-1].count == 1
    assert (one.bins[0].low, one.bins[-1].high) == (0.0, 1.0)


def test_bins_of_equally_many_differ_from_bins_of_equal_width() -> None:
    # sixty words within one bin of equal width, the surer half right and the other wrong
    one = of(*((0.941 + at / 2000, at >= 30) for at in range(60)))
    assert one.error == pytest.approx(abs(one.confidence - 0.5))
    assert one.error_by_mass == pytest.approx(0.5, abs=0.03)


@given(judged)
def test_the_ranking_is_the_share_of_pairs_in_order(words: list[Judged]) -> None:
    known = reliability(words)
    assert known is not None
    good = [word.confidence for word in words if word.right]
    bad = [word.confidence for word in words if not word.right]
    if not good or not bad:
        assert known.ranking is None
        return
    pairs = [(one > other) + (one == other) / 2 for one in good for other in bad]
    assert known.ranking == pytest.approx(sum(pairs) / len(pairs))


@given(judged)
def test_no_error_is_above_one_and_none_is_below_the_gap_of_the_means(words: list[Judged]) -> None:
    known = reliability(words)
    assert known is not None
    for error in (known.error, known.error_by_mass):
        assert abs(known.confidence - known.right) - 1e-9 <= error <= 1


def test_the_least_sure_words_hold_what_they_can() -> None:
    # ten words, two wrong, of which one is least sure and one in the middle
    words = [
        Judged(at / 10, at not in (0, 5), 0 if at not in (0, 5) else at + 1) for at in range(10)
    ]
    by_share = {one.share: one for one in found(words)}
    assert by_share[0.1] == Found(0.1, 0.5, 0.5, 1 / 7)
    assert by_share[0.2] == Found(0.2, 0.5, 1.0, 1 / 7)
    assert found([Judged(0.5, True)]) == ()


@given(judged)
def test_no_share_of_words_holds_more_than_its_bound(words: list[Judged]) -> None:
    for one in found(words):
        assert 0 <= one.errors <= one.bound <= 1


def test_bands_hold_every_line_once() -> None:
    lines = [JudgedLine(at / 10, EditCounts(1, 0, 0, 10)) for at in range(11)]
    found_bands = bands(lines)
    assert sum(band.lines for band in found_bands) == 11
    assert (found_bands[0].low, found_bands[0].high, found_bands[0].lines) == (0.0, 0.5, 5)
    assert found_bands[-1].lines == 1
    assert sum((band.characters for band in found_bands), EditCounts()).length == 110


def test_without_confidences_there_is_nothing_to_say() -> None:
    assert trust(Judgements()) is None
    assert reliability([]) is None
