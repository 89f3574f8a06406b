"""How sure an error rate is: intervals by bootstrap over pages.

Bisani and Ney, Bootstrap estimates for confidence intervals in ASR performance evaluation, ICASSP
2004: pages are drawn anew, with replacement, as many as there are, and the rate of their summed
counts is taken each time. Whole pages are drawn, for the lines of a page are read well or badly
together. Of few pages plain percentiles are too narrow; the bounds are the expanded percentiles of
Hesterberg, What teachers should know about the bootstrap, The American Statistician 69 (2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

from htr.document.metrics import EditCounts

Floats: TypeAlias = npt.NDArray[np.float64]

LEVEL = 0.9
FEWEST_PAGES = 3  # of two pages the drawn rates are three, whatever is drawn
_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and the bounds between which 90 % of such intervals hold the true value.

    The bounds are None where there are too few pages to tell.
    """

    estimate: float
    low: float | None = None
    high: float | None = None


def rate_interval(pages: Sequence[EditCounts], seed: int = 0) -> Interval:
    """Return the error rate of pages together, in 0 up, with its interval.

    The bounds are None for fewer than three pages. The same pages and seed give the same bounds.
    """
    drawn = resampled([pages], seed)[:, 0]
    return _interval(_rate(pages), drawn, len(pages))


def difference_interval(
    before: Sequence[EditCounts], after: Sequence[EditCounts], seed: int = 0
) -> Interval:
    """Return how much the error rate of the same pages rose (below 0: fell), with its interval.

    Both are drawn together, page by page, so that what makes a page hard counts for both: an
    interval without 0 says that the difference is not the pages' chance. Raises ValueError where
    the pages are not as many.
    """
    drawn = resampled([before, after], seed)
    return _interval(_rate(after) - _rate(before), drawn[:, 1] - drawn[:, 0], len(before))


def resampled(
    systems: Sequence[Sequence[EditCounts]], seed: int = 0, draws: int = _DRAWS
) -> Floats:
    """Return error rates (draws, systems) of pages drawn with replacement, for all systems alike.

    `systems` holds the counts of the same pages in the same order, a row for each system. Raises
    ValueError where the rows differ in length or are empty.
    """
    if len({len(pages) for pages in systems}) != 1 or not systems[0]:
        raise ValueError("the same pages, one or more, are needed of each system")
    errors = np.array([[page.errors for page in pages] for pages in systems], np.float64)
    lengths = np.array([[page.length for page in pages] for pages in systems], np.float64)
    number = errors.shape[1]
    rng = np.random.default_rng(seed)
    times = rng.multinomial(number, np.full(number, 1 / number), size=draws)
    rates: Floats = (times @ errors.T) / np.maximum(times @ lengths.T, 1)
    return rates


def _rate(pages: Sequence[EditCounts]) -> float:
    return sum(page.errors for page in pages) / max(1, sum(page.length for page in pages))


def _interval(estimate: float, drawn: Floats, pages: int) -> Interval:
    if pages < FEWEST_PAGES:
        return Interval(estimate)
    widened = sqrt(pages / (pages - 1)) * stdtrit(pages - 1, (1 - LEVEL) / 2)
    tail = float(ndtr(widened))
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(estimate, float(low), float(high))
