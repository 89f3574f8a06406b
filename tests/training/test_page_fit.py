"""The rule for pages finds how pages were drawn, and its intervals hold what they promise."""

from math import exp, log

import numpy as np
import pytest

from htr.document.page_error import Doubt, PageRule, _interval, expected
from htr.training.page_fit import FEWEST, LEVEL, PageDoubt, page_rule

INTERCEPT, SLOPE = 0.3, 1.1


def drawn(
    groups: int, pages: int, *, between: float = 0.15, within: float = 0.1, seed: int = 0
) -> list[PageDoubt]:
    chance = np.random.default_rng(seed)
    found = []
    for group in range(groups):
        common = chance.normal(0, between)
        for _page in range(pages):
            share, length = float(np.exp(chance.uniform(-3.5, -1))), int(chance.integers(300, 3000))
            cer = exp(INTERCEPT + SLOPE * log(share) + common + chance.normal(0, within))
            edits = int(chance.poisson(min(1.0, cer) * length))
            found.append(PageDoubt(f"g{group}", Doubt(share * length, length), edits, length))
    return found


def covered(rule: PageRule, pages: list[PageDoubt]) -> float:
    held = 0
    for page in pages:
        cer = exp(expected(page.doubt, page.network, rule))
        variance = rule.between + rule.within + rule.noise / (cer * page.doubt.letters + 0.5)
        estimate = _interval(cer, variance, page.doubt.letters, rule)
        held += estimate.low <= page.edits / page.length <= estimate.high
    return held / len(pages)


def test_the_line_is_found() -> None:
    rule = page_rule(drawn(12, 8))
    assert rule is not None
    assert rule.pages == 96
    assert rule.slope == pytest.approx(SLOPE, abs=0.12)
    assert expected(Doubt(100.0, 1000), None, rule) == pytest.approx(
        INTERCEPT + SLOPE * log(0.1), abs=0.15
    )


def test_what_groups_have_in_common_is_told_from_what_pages_have() -> None:
    apart = page_rule(drawn(20, 8, between=0.3, within=0.05))
    alike = page_rule(drawn(20, 8, between=0.0, within=0.3))
    assert apart is not None
    assert alike is not None
    assert apart.between > 3 * apart.within
    assert alike.within > 3 * alike.between


def test_intervals_hold_nine_of_ten_pages_of_groups_that_were_not_fitted_on() -> None:
    # On average over fits: that a few groups are more alike than others is a fit's bad luck.
    rules = [page_rule(drawn(14, 7, seed=seed)) for seed in range(12)]
    held = [covered(rule, drawn(40, 5, seed=100 + at)) for at, rule in enumerate(rules) if rule]
    assert len(held) == 12
    assert sum(held) / len(held) == pytest.approx(LEVEL, abs=0.04)


def test_of_pages_of_one_group_all_that_differs_may_be_common() -> None:
    rule = page_rule(drawn(1, 20))
    assert rule is not None
    assert rule.within == 0
    assert rule.between > 0


def test_of_few_pages_no_rule_is_made() -> None:
    assert page_rule(drawn(3, 3)) is None
    assert page_rule(drawn(1, FEWEST)) is not None


def test_pages_without_any_error_are_no_trouble() -> None:
    clean = [PageDoubt(f"g{at % 4}", Doubt(5.0, 500), 0, 500) for at in range(16)]
    rule = page_rule(clean)
    assert rule is not None
    assert covered(rule, clean) == 1


def test_the_networks_own_doubt_counts_where_it_is_known() -> None:
    chance = np.random.default_rng(5)
    pages = []
    for at in range(80):
        read, network = np.exp(chance.uniform(-3.5, -1, 2))
        cer = exp(0.4 + 0.6 * log(read) + 0.5 * log(network) + chance.normal(0, 0.05))
        edits = int(chance.poisson(min(1.0, cer) * 2000))
        doubts = Doubt(read * 2000, 2000), Doubt(network * 2000, 2000)
        pages.append(PageDoubt(f"g{at % 8}", doubts[0], edits, 2000, doubts[1]))
    rule = page_rule(pages)
    assert rule is not None
    assert (rule.slope, rule.network) == pytest.approx((0.6, 0.5), abs=0.08)
    assert rule.between + rule.within < 0.01
