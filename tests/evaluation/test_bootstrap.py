"""Intervals of error rates hold what they should, and say nothing where nothing can be said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.metrics import EditCounts
from htr.evaluation.bootstrap import Interval, difference_interval, rate_interval, resampled

counts = st.builds(
    EditCounts, st.integers(0, 50), st.integers(0, 9), st.integers(0, 9), st.integers(1, 400)
)


def pages(rng: np.random.Generator, number: int, level: float) -> list[EditCounts]:
    """Pages whose own error rates lie around a level, and their errors around those."""
    rates = rng.beta(4, 4 / level - 4, number)
    return [EditCounts(int(rng.binomial(600, rate)), 0, 0, 600) for rate in rates]


@given(st.lists(counts, min_size=3, max_size=12))
def test_bounds_lie_between_the_best_and_the_worst_page(found: list[EditCounts]) -> None:
    interval = rate_interval(found)
    rates = [page.rate or 0.0 for page in found]
    assert interval.low is not None
    assert interval.high is not None
    assert min(rates) - 1e-9 <= interval.low <= interval.high <= max(rates) + 1e-9
    assert interval.estimate == pytest.approx(sum(found, EditCounts()).rate)


@given(st.lists(counts, min_size=3, max_size=12))
def test_nothing_differs_from_itself(found: list[EditCounts]) -> None:
    assert difference_interval(found, found) == Interval(0.0, 0.0, 0.0)


@given(st.lists(counts, min_size=1, max_size=2))
def test_of_two_pages_no_interval_is_given(found: list[EditCounts]) -> None:
    interval = rate_interval(found)
    assert interval.low is None
    assert interval.high is None


def test_pages_that_are_alike_leave_no_doubt() -> None:
    interval = rate_interval([EditCounts(10, 0, 0, 100)] * 5)
    assert (interval.estimate, interval.low, interval.high) == pytest.approx((0.1, 0.1, 0.1))


def test_the_same_pages_give_the_same_bounds() -> None:
    found = pages(np.random.default_rng(1), 8, 0.1)
    assert rate_interval(found) == rate_interval(found)
    assert rate_interval(found, seed=1) != rate_interval(found, seed=2)


def test_a_difference_is_surer_than_the_rates_where_pages_are_hard_alike() -> None:
    before = pages(np.random.default_rng(2), 10, 0.2)
    after = [EditCounts(page.substitutions // 2, 0, 0, 600) for page in before]
    change = difference_interval(before, after)
    rate = rate_interval(before)
    assert change.estimate < 0
    assert change.high is not None
    assert change.high < 0
    assert None not in (change.low, rate.low, rate.high)
    assert (change.high - (change.low or 0)) < (rate.high or 0) - (rate.low or 0)


@pytest.mark.parametrize("number", [4, 12])
def test_nine_intervals_of_ten_hold_the_true_rate(number: int) -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _trial in range(150):
        interval = rate_interval(pages(rng, number, 0.1))
        assert interval.low is not None
        assert interval.high is not None
        held += interval.low <= 0.1 <= interval.high
    assert 0.82 <= held / 150 <= 0.97


def test_systems_are_drawn_alike() -> None:
    found = pages(np.random.default_rng(4), 6, 0.1)
    drawn = resampled([found, found])
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert np.ptp(drawn[:, 0]) > 0


@pytest.mark.parametrize("systems", [[[]], [[EditCounts(0, 0, 0, 1)], []]])
def test_the_same_pages_are_needed(systems: list[list[EditCounts]]) -> None:
    with pytest.raises(ValueError, match="same pages"):
        resampled(systems)
