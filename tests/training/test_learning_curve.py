"""The estimate of what more lines would bring: it falls, is about right, and knows its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htr.document.metrics import EditCounts
from htr.training.learning_curve import LearningCurve, Silence, learning_curve
from htr.training.outcome import CurvePoint


def points(
    rates: dict[int, float], pages: int = 8, length: int = 2000, spread: float = 0.4, seed: int = 0
) -> list[CurvePoint]:
    """Points of pages which are harder or easier than the rates, the same at each point."""
    rng = np.random.default_rng(seed)
    hard = np.exp(spread * rng.standard_normal(pages))
    hard /= hard.mean()
    return [
        CurvePoint(
            lines,
            {
                f"p{page}": EditCounts(round(min(1.0, rate * hard[page]) * length), 0, 0, length)
                for page in range(pages)
            },
        )
        for lines, rate in rates.items()
    ]


def law(start: float, floor: float, worth: float, exponent: float, lines: float) -> float:
    return start * (floor + (1 - floor) * float((1 + lines / worth) ** -exponent))


def curve(found: LearningCurve | Silence) -> LearningCurve:
    assert isinstance(found, LearningCurve)
    return found


@settings(max_examples=15, deadline=None)
@given(
    start=st.floats(0.05, 0.5),
    floor=st.floats(0.0, 0.5),
    worth=st.floats(10, 400),
    exponent=st.floats(0.15, 1.0),
    most=st.integers(40, 2000),
)
def test_more_lines_never_make_it_worse(
    start: float, floor: float, worth: float, exponent: float, most: int
) -> None:
    taken = (0, most // 4, most // 2, most)
    rates = {lines: law(start, floor, worth, exponent, lines) for lines in taken}
    found = curve(learning_curve(points(rates)))
    assert found.lines == most
    expected = [found.with_more(more) for more in (0, 50, 100, 300, 1000, 10_000)]
    values = [one.estimate for one in expected]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(found.cer)
    for one in expected:
        assert one.low is not None
        assert one.high is not None
        assert 0 <= one.low <= one.estimate <= one.high <= found.cer + 1e-12


def test_nine_intervals_of_ten_hold_what_more_lines_bring() -> None:
    rng = np.random.default_rng(7)
    held = trials = 0
    for seed in range(40):
        start, floor = rng.uniform(0.1, 0.35), rng.beta(1, 4)
        worth, exponent = 50 * np.exp(rng.standard_normal()), 0.4 * np.exp(rng.normal(0, 0.5))
        rates = {
            lines: law(start, floor, worth, exponent, lines) * np.exp(rng.normal(0, noise))
            for lines, noise in ((0, 0.0), (100, 0.03), (200, 0.03), (400, 0.03))
        }
        found = learning_curve(points(rates, seed=seed))
        if isinstance(found, Silence):
            continue
        trials += 1
        truth = law(start, floor, worth, exponent, 1400) / law(start, floor, worth, exponent, 400)
        expected = found.with_more(1000)
        held += (expected.low or 0) <= truth * found.cer <= (expected.high or 0)
    assert trials >= 36
    assert 0.8 <= held / trials <= 0.99


def test_what_goes_on_falling_is_expected_to_fall_further() -> None:
    steep = {0: 0.30, 100: 0.20, 200: 0.15, 400: 0.10}
    flat = {0: 0.30, 100: 0.291, 200: 0.288, 400: 0.285}
    falls = [curve(learning_curve(points(rates))).with_more(300) for rates in (steep, flat)]
    assert falls[0].estimate / 0.10 < 0.85
    assert falls[1].estimate / 0.285 > 0.95


def test_few_pages_leave_more_open() -> None:
    rates = {0: 0.30, 100: 0.20, 200: 0.15, 400: 0.10}

    def width(pages: int) -> float:
        own = points(rates, pages=pages)
        rng = np.random.default_rng(1)
        noisy = [
            CurvePoint(
                point.lines,
                {
                    name: EditCounts(int(counts.errors * rng.uniform(0.5, 1.5)), 0, 0, 2000)
                    for name, counts in point.pages.items()
                },
            )
            for point in own
        ]
        expected = curve(learning_curve(noisy)).with_more(1000)
        return ((expected.high or 0) - (expected.low or 0)) / expected.estimate

    assert width(4) > width(60)


def test_two_points_say_nothing() -> None:
    assert learning_curve(points({0: 0.3, 100: 0.2})) is Silence.FEW_POINTS
    assert learning_curve(()) is Silence.FEW_POINTS


def test_points_at_which_nothing_is_read_do_not_count() -> None:
    scratch = {0: 1.0, 100: 0.97, 200: 0.6, 400: 0.4}
    assert learning_curve(points(scratch, spread=0.0)) is Silence.FEW_POINTS
    found = curve(learning_curve(points({**scratch, 800: 0.3}, spread=0.0)))
    assert [lines for lines, _interval in found.points] == [200, 400, 800]


@pytest.mark.parametrize("pages", [1, 2])
def test_two_pages_say_nothing(pages: int) -> None:
    rates = {0: 0.30, 100: 0.20, 200: 0.15, 400: 0.10}
    assert learning_curve(points(rates, pages=pages)) is Silence.FEW_PAGES


def test_only_pages_that_all_points_share_count() -> None:
    found = points({0: 0.30, 100: 0.20, 200: 0.15, 400: 0.10}, pages=4)
    last = {f"other{at}": counts for at, counts in enumerate(found[-1].pages.values())}
    assert learning_curve([*found[:-1], CurvePoint(400, last)]) is Silence.FEW_PAGES


def test_what_does_not_fall_steadily_is_no_curve() -> None:
    assert learning_curve(points({0: 0.10, 100: 0.20, 200: 0.12, 400: 0.25})) is Silence.UNSTEADY


def test_of_hardly_any_errors_nothing_can_be_said() -> None:
    rates = {0: 0.05, 100: 0.01, 200: 0.002, 400: 0.0}
    assert learning_curve(points(rates)) is Silence.FEW_ERRORS


def test_the_same_points_give_the_same_answer() -> None:
    rates = {0: 0.30, 100: 0.20, 200: 0.15, 400: 0.10}
    first, second = (curve(learning_curve(points(rates))) for _turn in range(2))
    assert first.with_more(300) == second.with_more(300)
