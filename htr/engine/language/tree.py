"""A tree of symbols in which many steps are taken at once."""

from __future__ import annotations

import numpy as np

from htr.engine.language.arrays import Bools, Ints

_BITS = 64
_ONE = np.uint64(1)


class Tree:
    """Which edge a symbol leads along from a node: a set of bits a node, and ranks within it.

    Edges that go out of a node stand side by side in the order of their symbols, so that the
    number of lower bits says which one it is (Jacobson, Space-efficient static trees and graphs,
    FOCS 1989). Edge e leads to node e + 1.
    """

    def __init__(self, symbols: Ints, children: Ints, size: int) -> None:
        """Take the symbol of each edge, how many edges go out of each node, and how many symbols
        there are. Raises ValueError where symbols are not in order.
        """
        self.parents = np.repeat(np.arange(len(children)), children)
        if (np.diff(self.parents * size + symbols) <= 0).any():
            raise ValueError("order")
        self._words = -(-size // _BITS)
        words = self.parents * self._words + symbols // _BITS
        firsts = np.flatnonzero(np.diff(words, prepend=-1))
        self._sets = np.zeros(len(children) * self._words, np.uint64)
        self._sets[words[firsts]] = np.bitwise_or.reduceat(_bits(symbols), firsts)
        self._ranks = np.zeros(len(self._sets), np.int64)
        self._ranks[words[firsts]] = firsts

    def __call__(self, nodes: Ints, symbols: Ints) -> tuple[Ints, Bools]:
        """Return the edges (K,) that symbols (K,) lead along from nodes (K,), and which exist."""
        words = nodes * self._words + symbols // _BITS
        bits = _bits(symbols)
        sets = self._sets[words]
        return self._ranks[words] + np.bitwise_count(sets & (bits - _ONE)), (sets & bits) != 0


def _bits(symbols: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    return _ONE << (symbols % _BITS).astype(np.uint64)
