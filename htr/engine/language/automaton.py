"""N-grams as an automaton: what the letters before say of the next one.

A state is the longest n-gram of the letters before that something is known to follow. A step takes
a symbol from a state to the next one, at a probability:

    p(w | h) = p*(w | h)           where the n-gram h w is known,
               b(h) p(w | h')      where not; h' is h without its first letter

(Katz, Estimation of probabilities from sparse data, 1987, for the form; any smoothing fits it).
"""

from __future__ import annotations

import numpy as np

from htr.engine.language.arrays import Doubles, Ints
from htr.engine.language.ngrams import END, LETTERS, START, UNKNOWN, Ngrams
from htr.engine.language.tree import Tree


class LanguageModel:
    """The automaton that n-grams make; nothing of it changes, so threads may share it.

    `weight` is the power to which probabilities are raised, and `bonus` is added, in nats, for
    each letter: what a recogniser needs so that it neither ignores the model nor drops letters.
    """

    def __init__(self, ngrams: Ngrams, *, weight: float = 1.0, bonus: float = 0.0) -> None:
        self._known = {letter: symbol for symbol, letter in enumerate(ngrams.letters, LETTERS)}
        self.states = len(ngrams.children)
        self._tree = Tree(ngrams.symbols, ngrams.children, ngrams.size)
        shorter = _shorter(self._tree, ngrams)
        self._suffixes = np.append(0, shorter[: self.states - 1])
        self._next = _followed(ngrams.children, shorter)
        self._factors = np.exp(bonus - weight * ngrams.costs)
        self._backoffs = np.exp(-weight * ngrams.backoffs)
        self._end = float(np.exp(-bonus))
        self.start = int(self._next[START])

    def symbol(self, letter: str) -> int:
        """Return the symbol that stands for a letter."""
        return self._known.get(letter, UNKNOWN)

    def step(self, states: Ints, symbols: Ints) -> tuple[Ints, Doubles]:
        """Return the states (K,) that symbols (K,) lead to from states (K,), and the factors.

        A factor is the weighted probability of the symbol.
        """
        found, known = self._tree(states, symbols)
        factors = np.ones(len(states))
        at, left = states, np.arange(len(states))
        while not known.all():
            left, at = left[~known], at[~known]
            factors[left] *= self._backoffs[at]
            at = self._suffixes[at]
            found[left], known = self._tree(at, symbols[left])
        return self._next[found], factors * self._factors[found]

    def end(self, states: Ints) -> Doubles:
        """Return the weighted probabilities that a line ends at these states (any shape)."""
        ends = np.full(states.size, END)
        return self.step(states.ravel(), ends)[1].reshape(states.shape) * self._end


def _levels(children: Ints, number: int) -> list[slice]:
    """Return where the n-grams of each length stand."""
    levels = [slice(0, int(children[0]))]
    while levels[-1].stop < number:
        last = levels[-1]
        more = int(children[last.start + 1 : last.stop + 1].sum())
        if not more:
            raise ValueError("levels")
        levels.append(slice(last.stop, last.stop + more))
    return levels


def _shorter(tree: Tree, ngrams: Ngrams) -> Ints:
    """Return for each n-gram the node of the n-gram without its first symbol."""
    shorter = np.zeros(len(ngrams.symbols), np.int64)
    for level in _levels(ngrams.children, len(shorter))[1:]:
        found, known = tree(shorter[tree.parents[level] - 1], ngrams.symbols[level])
        if not known.all():
            raise ValueError("suffixes")
        shorter[level] = found + 1
    return shorter


def _followed(children: Ints, shorter: Ints) -> Ints:
    """Return for each n-gram the state after it: its longest suffix that something follows."""
    states = np.arange(1, len(shorter) + 1)
    leads = np.zeros(len(shorter) + 1, bool)
    leads[: len(children)] = children > 0
    leads[0] = True
    while not leads[states].all():
        barren = ~leads[states]
        states[barren] = shorter[states[barren] - 1]
    return states
