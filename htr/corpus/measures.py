"""What is far off from what is usual, by medians, which a few bad values do not move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from math import exp, log
from statistics import median
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

_NORMAL = 1.4826  # the standard deviation of a normal distribution by its median absolute deviation
_FEWEST_LINES = 30
_FEWEST_PAGES = 5
_SHORTEST = 4  # characters: shorter lines are wide or narrow by chance
_FAR = 3.5  # deviations (Iglewicz and Hoaglin, How to detect and handle outliers, 1993)
_TIMES = 2.5
_WORSE = 0.25


def needed_steps(text: str) -> int:
    """Return how many time steps CTC needs for a text: one a character, one more between equals.

    Graves et al., Connectionist temporal classification, ICML 2006, section 3.1: a blank stands
    between two equal labels in a row.
    """
    return len(text) + sum(first == second for first, second in pairwise(text))


def dense_lines(
    lines: Mapping[Key, tuple[str, int, float | None]],
) -> dict[Key, float]:
    """Return the lines with far more or far fewer characters than their length holds usually.

    `lines` gives each line's collection, its characters, and its length in heights of itself (None
    where unknown). The result is by how many times it has more than the median of its collection,
    of the whole corpus where the collection has fewer than 30 lines: 2.5 times more or fewer, and
    3.5 deviations away. Lines of fewer than four characters are left out.
    """
    rates = {
        key: (collection, log(characters / length))
        for key, (collection, characters, length) in lines.items()
        if characters >= _SHORTEST and length
    }
    usual = _usual(list(rates.values()), _FEWEST_LINES)
    found = {}
    for key, (collection, rate) in rates.items():
        middle, deviation = usual[collection]
        off = abs(rate - middle)
        if off > log(_TIMES) and off > _FAR * deviation:
            found[key] = exp(rate - middle)
    return found


def bad_pages(pages: Mapping[str, tuple[str, float]]) -> dict[str, float]:
    """Return the pages whose error rate is far above what is usual, with that usual rate.

    `pages` gives each page's collection and its error rate under a model. Usual is the median of
    the collection, of all pages where it has fewer than five; far is 0.25 more and 3.5 deviations.
    """
    usual = _usual(list(pages.values()), _FEWEST_PAGES)
    found = {}
    for name, (collection, rate) in pages.items():
        middle, deviation = usual[collection]
        if rate > middle + max(_WORSE, _FAR * deviation):
            found[name] = middle
    return found


def _usual(values: Sequence[tuple[str, float]], fewest: int) -> dict[str, tuple[float, float]]:
    """Return the median and the deviation of each collection, of all where it has too few."""
    members: defaultdict[str, list[float]] = defaultdict(list)
    for collection, value in values:
        members[collection].append(value)
    everything = [value for _collection, value in values]
    return {
        collection: _spread(own if len(own) >= fewest else everything)
        for collection, own in members.items()
    }


def _spread(values: Sequence[float]) -> tuple[float, float]:
    middle = median(values)
    return middle, _NORMAL * median(abs(value - middle) for value in values)
