"""Modified Kneser-Ney smoothing, interpolated, of counted n-grams.

Chen and Goodman, An empirical study of smoothing techniques for language modeling, Computer
Speech and Language 13 (1999), section 3: equations 23 to 26, and appendix A for the interpolation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htr.engine.language.arrays import Bools, Doubles, Ints
from htr.engine.language.ngrams import LETTERS, START, Ngrams
from htr.training.language.counts import Counted

_NEVER = 99.0  # nats: the cost of what no context predicts
_USUAL = (0.5, 1.0, 1.5)  # discounts where there is too little text to estimate them from


def estimate(counted: Sequence[Counted], letters: str, least: Sequence[int] = ()) -> Ngrams:
    """Return the model of n-grams of 1, 2, ... symbols, as `count` finds them.

    `least` says how often n-grams of each length must stand in the text to be kept, 1 where it
    says nothing; it must not fall from one length to the next, so that no n-gram loses its
    beginning. The probabilities after each context add up to 1, whatever is left out.
    """
    size = LETTERS + len(letters)
    contexts = np.zeros(1, np.int64)
    shorter, probabilities = contexts, np.ones(1)
    symbols, children, costs, backoffs = [], [], [], []
    for length, level in enumerate(counted, start=1):
        known = np.isin(level.ngrams // size, contexts)
        ngrams = level.ngrams[known]
        numbers = _adjusted(counted, length, size)[known]
        kept = level.counts[known] >= (least[length - 1] if length <= len(least) else 1)
        owners = np.searchsorted(contexts, ngrams // size)
        smoothed, weights = _discounted(numbers, kept, owners, len(contexts))
        ngrams, owners = ngrams[kept], owners[kept]
        if length == 1:
            ngrams, probabilities = _every_symbol(ngrams, smoothed, weights[0], size)
            owners = np.zeros(size, np.int64)
        else:
            suffixes = np.searchsorted(shorter, ngrams % size ** (length - 1))
            probabilities = smoothed + weights[owners] * probabilities[suffixes]
        symbols.append(ngrams % size)
        children.append(np.bincount(owners, minlength=len(contexts)))
        costs.append(_costs(probabilities))
        backoffs.append(_costs(weights))
        contexts = shorter = ngrams
    return Ngrams(
        letters,
        np.concatenate(symbols),
        np.concatenate(children),
        np.concatenate(costs),
        np.concatenate(backoffs),
    )


def _adjusted(counted: Sequence[Counted], length: int, size: int) -> Ints:
    """Return what n-grams of a length count as.

    The longest, and those at a line's beginning, count as often as they stand in the text; the
    others as often as there are different symbols before them (equation 24).
    """
    level = counted[length - 1]
    if length == len(counted):
        return level.counts
    before = np.unique(counted[length].ngrams % size**length, return_counts=True)
    places = np.searchsorted(level.ngrams, before[0])
    numbers = level.counts.copy()
    numbers[places] = before[1]
    first = level.ngrams // size ** (length - 1) == START
    return np.where(first, level.counts, numbers)


def _discounted(counts: Ints, kept: Bools, owners: Ints, contexts: int) -> tuple[Doubles, Doubles]:
    """Return the discounted frequencies of the kept n-grams, and what is left of each context."""
    discounts = np.array([0.0, *_discounts(counts)])
    totals = np.bincount(owners, counts, minlength=contexts)
    discounted: Doubles = (counts - discounts[np.minimum(counts, 3)]) / totals[owners]
    spent = np.bincount(owners[kept], discounted[kept], minlength=contexts).astype(np.float64)
    return discounted[kept], 1 - spent


def _discounts(counts: Ints) -> tuple[float, ...]:
    """Return what is taken off counts of one, two, and three or more (equation 26)."""
    ones, twos, threes, fours = (int((counts == number).sum()) for number in range(1, 5))
    if not (ones and twos and threes and fours):
        return _USUAL
    share = ones / (ones + 2 * twos)
    found = (
        1 - 2 * share * twos / ones,
        2 - 3 * share * threes / twos,
        3 - 4 * share * fours / threes,
    )
    fits = all(0 < discount < number for number, discount in enumerate(found, start=1))
    return found if fits else _USUAL


def _every_symbol(
    ngrams: Ints, smoothed: Doubles, weight: float, size: int
) -> tuple[Ints, Doubles]:
    """Return all symbols and their probabilities: those never seen share what is left."""
    probabilities = np.full(size, weight / (size - 1))
    probabilities[ngrams] += smoothed
    probabilities[START] = 0  # nothing comes before it, and it comes after nothing
    return np.arange(size), probabilities


def _costs(probabilities: Doubles) -> Doubles:
    with np.errstate(divide="ignore"):
        return np.minimum(-np.log(np.maximum(probabilities, 0)), _NEVER)
