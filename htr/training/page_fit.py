"""The rule by which confidences foretell a page's CER, fitted on held-out pages.

Linear regression of the logarithm of the CER, each page weighted by its precision; variances by
likelihood, on pages of groups that the coefficients were not fitted on; and the quantile of their
normalised residuals. `htr.document.page_error` says what the parameters mean.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from math import ceil, exp
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from htr.document.page_error import Doubt, PageRule, expected, rate, scale

Doubles: TypeAlias = npt.NDArray[np.float64]

LEVEL = 0.9
FEWEST = 10  # pages: of fewer, none of ten falls outside of its interval
_GROUPS = 3  # fewer say nothing of what groups have in common
_BEGIN = PageRule(0.0, 1.0, 0.0, 0.02, 2.0, 1.65, 0)
_ROUNDS = 3
_LEAST_QUANTILE = 1.0  # pages that happen to lie on the line do not make others do so
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class PageDoubt:
    """A held-out page: the doubt of what was read, its edits and its true characters.

    `group` tells which pages have something in common: a collection, or a hand. `network` is the
    network's own doubt, where a language model took part.
    """

    group: str
    doubt: Doubt
    edits: int
    length: int
    network: Doubt | None = None


def page_rule(pages: Sequence[PageDoubt]) -> PageRule | None:
    """Return the rule; None where there are fewer than ten pages."""
    if len(pages) < FEWEST:
        return None
    groups = _groups(pages)
    rule = _BEGIN
    for _round in range(_ROUNDS):
        residuals, foretold = _left_out(pages, groups, rule)
        rule = _with_variances(rule, pages, groups, residuals, foretold)
    rule = _with_line(rule, pages)
    spread = np.sqrt([_variance(page, at, rule) for page, at in zip(pages, foretold, strict=True)])
    scores = np.sort(np.abs(residuals) / spread)
    place = min(len(scores), ceil((len(scores) + 1) * LEVEL)) - 1
    quantile = max(_LEAST_QUANTILE, float(scores[place]))
    rule = replace(rule, quantile=quantile, pages=len(pages))
    return _rounded(rule)


def _groups(pages: Sequence[PageDoubt]) -> list[Hashable]:
    """Return what is left out together: groups, or single pages where the groups are few."""
    named: list[Hashable] = [page.group for page in pages]
    return named if len(set(named)) >= _GROUPS else list(range(len(pages)))


def _left_out(
    pages: Sequence[PageDoubt], groups: Sequence[Hashable], rule: PageRule
) -> tuple[Doubles, Doubles]:
    """Return residuals and predictions of pages by lines fitted without their groups."""
    foretold = np.zeros(len(pages))
    for group in set(groups):
        line = _with_line(rule, [p for p, g in zip(pages, groups, strict=True) if g != group])
        for at, (page, own) in enumerate(zip(pages, groups, strict=True)):
            if own == group:
                foretold[at] = expected(page.doubt, page.network, line)
    return _rates(pages) - foretold, foretold


def _with_line(rule: PageRule, pages: Sequence[PageDoubt]) -> PageRule:
    """Return the rule with the coefficients that fit pages best, by its variances."""
    seen = [page.network for page in pages if page.network is not None]
    columns = [[scale(page.doubt) for page in pages]]
    if len(seen) == len(pages):
        columns.append([scale(network) for network in seen])
    known, rates = np.array(columns).T, _rates(pages)
    weights = np.array(
        [1 / _variance(page, at, rule) for page, at in zip(pages, rates, strict=True)]
    )
    middle, level = np.average(known, axis=0, weights=weights), np.average(rates, weights=weights)
    apart = known - middle
    pull = np.diag(weights.mean() * np.var(known, axis=0) + 1e-9)  # one page's worth
    prior = np.array([1.0, 0.0])[: known.shape[1]]
    slopes = np.linalg.solve(
        apart.T @ (apart * weights[:, None]) + pull,
        apart.T @ (weights * (rates - level)) + pull @ prior,
    )
    return replace(
        rule,
        intercept=float(level - middle @ slopes),
        slope=float(slopes[0]),
        network=float(slopes[1]) if len(slopes) > 1 else 0.0,
    )


def _with_variances(
    rule: PageRule,
    pages: Sequence[PageDoubt],
    groups: Sequence[Hashable],
    residuals: Doubles,
    foretold: Doubles,
) -> PageRule:
    """Return the rule with the variances that make residuals likeliest, if they are normal.

    The noise is at least that of errors which fall independently (Poisson's): they come in clumps.
    """
    errors = np.array(
        [exp(at) * page.doubt.letters + 0.5 for page, at in zip(pages, foretold, strict=True)]
    )

    def loss(logs: Doubles) -> float:
        variances = np.exp(logs[0]) + np.exp(logs[1]) / errors
        return float((np.log(variances) + residuals**2 / variances).sum())

    found = minimize(loss, np.log([0.02, 1.0]), method="L-BFGS-B", bounds=[(-9.0, 1.0), (0.0, 3.0)])
    whole, noise = (float(one) for one in np.exp(found.x))
    between = min(whole, _between(groups, residuals, rule.within + noise / errors))
    return replace(rule, between=between, within=whole - between, noise=noise)


def _between(groups: Sequence[Hashable], residuals: Doubles, variances: Doubles) -> float:
    """Return the variance of what a group's residuals have in common, by the method of moments.

    `variances` (N,) are those of each page within its group.
    """
    names = sorted(set(groups), key=str)
    if len(names) == len(groups):
        return float("inf")  # unknown: all of it may be common to a register
    common = []
    for name in names:
        own = [at for at, group in enumerate(groups) if group == name]
        weights = 1 / variances[own]
        common.append(np.average(residuals[own], weights=weights) ** 2 - 1 / weights.sum())
    return max(0.0, float(np.mean(common)))


def _variance(page: PageDoubt, logarithm: float, rule: PageRule) -> float:
    return rule.between + rule.within + rule.noise / (exp(logarithm) * page.doubt.letters + 0.5)


def _rates(pages: Sequence[PageDoubt]) -> Doubles:
    return np.array([rate(page.edits, page.length) for page in pages])


def _rounded(rule: PageRule) -> PageRule:
    names = ("intercept", "slope", "network", "between", "within", "noise", "quantile")
    return replace(rule, **{name: round(getattr(rule, name), _DIGITS) for name in names})
