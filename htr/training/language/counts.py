"""N-grams of lines of text, counted at once by packing each into one number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from htr.engine.language.arrays import Ints
from htr.engine.language.ngrams import END, LETTERS, START, UNKNOWN


@dataclass(frozen=True, slots=True)
class Counted:
    """The different n-grams of one length, in lexicographic order, and how often each stands.

    An n-gram w1 ... wn is the number w1 s^(n-1) + ... + wn, where s is the number of symbols.
    """

    ngrams: Ints
    counts: Ints


def letters_of(lines: Iterable[str], least: int = 1) -> str:
    """Return the letters that stand in lines at least so often, in order."""
    counted = Counter(letter for line in lines for letter in line)
    return "".join(sorted(letter for letter, count in counted.items() if count >= least))


def longest_order(letters: str) -> int:
    """Return how long n-grams over these letters may be."""
    size = LETTERS + len(letters)
    order = 1
    while size ** (order + 1) < 2**63:
        order += 1
    return order


def count(lines: Sequence[str], letters: str, order: int) -> list[Counted]:
    """Return the n-grams of 1 to `order` symbols in lines, each between its beginning and end.

    The beginning is no n-gram of its own.
    """
    size = LETTERS + len(letters)
    known = {letter: symbol for symbol, letter in enumerate(letters, LETTERS)}
    rows = [[START, *(known.get(letter, UNKNOWN) for letter in line), END] for line in lines]
    symbols = np.array([symbol for row in rows for symbol in row], np.int64)
    places = np.concatenate([np.arange(len(row)) for row in rows])
    windows = symbols
    found = []
    for length in range(1, order + 1):
        if length > 1:  # a window of one symbol more, from that which ended one place before
            windows = np.append(0, windows[:-1]) * size + symbols
        inside = places >= max(1, length - 1)
        found.append(Counted(*np.unique(windows[inside], return_counts=True)))
    return found
