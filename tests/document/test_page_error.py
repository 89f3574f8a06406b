"""The CER that confidences foretell."""

from dataclasses import replace
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.page import Glyph, Line, Space, Step, Word
from htr.document.page_error import (
    SETTINGS,
    Doubt,
    Estimate,
    PageRule,
    as_settings,
    doubt,
    from_steps,
    of_page,
    of_register,
)

RULE = PageRule(
    intercept=0.0, slope=1.0, between=0.01, within=0.02, noise=1.0, quantile=1.7, pages=44
)
estimates = st.lists(
    st.builds(Estimate, st.floats(0.001, 0.9), st.just(0.0), st.just(1.0), st.integers(1, 5000)),
    min_size=1,
    max_size=8,
)


def lines(*confidences: float | None, corrected: bool = False) -> tuple[Line, ...]:
    glyphs = tuple(Glyph("a", confidence=value) for value in confidences)
    return (Line("l", words=(Word(glyphs),), corrected=corrected),)


def test_doubt_is_the_share_that_is_expected_to_be_wrong() -> None:
    assert doubt(lines(0.75, 0.5)) == Doubt(0.75, 2)
    assert doubt(lines(0.75, None)) == Doubt(0.25, 1)
    spaced = Line("l", words=(Word((Glyph("a", confidence=1.0),), space=Space(confidence=0.5)),))
    assert doubt([spaced]) == Doubt(0.5, 2)


def test_lines_of_people_and_unknown_confidences_tell_nothing() -> None:
    assert doubt(lines(0.1, corrected=True)) == Doubt()
    assert doubt(lines(None)) == Doubt()
    assert Doubt().share == 0
    assert of_page(lines(None), RULE) is None
    assert of_register([], RULE) is None


def test_a_page_by_hand() -> None:
    found = of_page(lines(*[0.9] * 1000), RULE)
    assert found is not None
    foretold = 0.1 + 1e-3
    reach = 1.7 * sqrt(0.03 + 1 / (foretold * 1000 + 0.5))
    assert found.cer == pytest.approx((foretold * 1001 - 0.5) / 1000)
    assert found.high == pytest.approx((foretold * exp(reach) * 1001 - 0.5) / 1000)
    assert found.low == pytest.approx((foretold / exp(reach) * 1001 - 0.5) / 1000)
    assert found.characters == 1000


def test_the_networks_own_doubt_counts_where_the_rule_has_it() -> None:
    rule = replace(RULE, network=0.5)
    assert of_page(lines(*[0.9] * 100), rule) is None
    sure, unsure = (of_page(lines(*[0.9] * 100), rule, Doubt(d, 100)) for d in (1.0, 30.0))
    assert sure is not None
    assert unsure is not None
    assert sure.cer < unsure.cer
    assert of_page(lines(0.9), RULE, Doubt(1.0, 100)) == of_page(lines(0.9), RULE)


def test_short_pages_are_less_certain() -> None:
    short, long = of_page(lines(*[0.9] * 20), RULE), of_page(lines(*[0.9] * 2000), RULE)
    assert short is not None
    assert long is not None
    assert short.high - short.low > long.high - long.low
    tiny = of_page(lines(0.9), RULE)
    assert tiny is not None
    assert tiny.low == 0


@given(st.floats(0.01, 0.99), st.floats(0.0, 1.0))
def test_surer_pages_are_expected_to_be_better(confidence: float, share: float) -> None:
    worse = of_page(lines(*[confidence * share] * 50), RULE)
    better = of_page(lines(*[confidence] * 50), RULE)
    assert worse is not None
    assert better is not None
    assert better.cer <= worse.cer
    for one in (worse, better):
        assert 0 <= one.low <= one.cer <= one.high


@given(estimates)
def test_a_register_lies_among_its_pages_and_is_surer_than_a_page_like_it(
    pages: list[Estimate],
) -> None:
    whole = of_register(pages, RULE)
    assert whole is not None
    assert whole.characters == sum(page.characters for page in pages)
    assert whole.cer <= max(page.cer for page in pages) + 1
    assert whole.low <= whole.cer <= whole.high
    common = replace(RULE, between=0.03, within=0.0)
    shared = of_register(pages, common)
    assert shared is not None
    assert whole.high <= shared.high + 1e-9


def test_what_pages_have_in_common_does_not_average_out() -> None:
    pages = [Estimate(0.1, 0.05, 0.2, 10_000)] * 400
    whole = of_register(pages, RULE)
    assert whole is not None
    assert log(whole.high / whole.cer) == pytest.approx(RULE.quantile * 0.1, rel=0.02)


def test_an_estimate_is_kept_in_the_step_that_read_the_page() -> None:
    estimate = Estimate(0.1234, 0.1, 0.15, 870)
    settings = (("model", "m"), *as_settings(estimate))
    assert [name for name, _value in settings[1:]] == list(SETTINGS)
    steps = (Step("layout", "l"), Step("recognition", "r", settings=settings), Step("other", "o"))
    assert from_steps(steps) == estimate
    assert from_steps((Step("recognition", "r", settings=settings[:2]),)) is None
    assert from_steps(()) is None
    broken = (*settings[:2], (SETTINGS[1], "few"), settings[3])
    assert from_steps((Step("recognition", "r", settings=broken),)) is None
