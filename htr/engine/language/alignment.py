"""Where the letters of a known text stand among a network's time steps.

The likeliest path of labels and blanks that spells the text (Viterbi; the states are those of
Graves et al., Connectionist Temporal Classification, ICML 2006, section 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from htr.engine.language.arrays import Floats, Ints
from htr.engine.language.steps import Steps

_LEAST = 1e-30  # keeps logarithms finite
_NEVER = -1e9

Numbers = TypeVar("Numbers", Ints, Floats)


@dataclass(frozen=True, slots=True)
class Placed:
    """Letters of N lines with their places, arrays (K,), line by line.

    `lines` says whose each is; `starts` and `ends` are the first and last of its steps, and `peaks`
    that at which the network is surest of it.
    """

    lines: Ints
    labels: Ints
    starts: Ints
    ends: Ints
    peaks: Ints


def align(steps: Steps, texts: Ints) -> Placed:
    """Return the places of texts (N, M), labels in order with 0 for what is beyond the end."""
    lengths = (texts != 0).sum(1)
    states = np.zeros((len(texts), 2 * int(lengths.max(initial=0)) + 1), np.int64)
    states[:, 1::2] = texts[:, : states.shape[1] // 2]
    path = _path(steps, states, lengths)
    inside = path % 2 == 1
    edges = np.diff(path, axis=1, prepend=-1, append=-1) != 0
    lines, starts = np.nonzero(inside & edges[:, :-1])
    ends = np.nonzero(inside & edges[:, 1:])[1]
    labels = states[lines, path[lines, starts]]
    return Placed(lines, labels, starts, ends, _peaks(steps, lines, labels, starts, ends))


def _path(steps: Steps, states: Ints, lengths: Ints) -> Ints:
    """Return the state (N, L) of each line's best path at each step: odd ones are letters."""
    number, length = steps.blanks.shape
    chances = np.take_along_axis(steps.all_chances, states[:, None, :], 2)
    gains = np.log(np.maximum(chances, _LEAST))
    letters = states != 0
    other = letters & (states != _shifted(states, 2))
    scores = np.full(states.shape, _NEVER, np.float32)
    scores[:, 0] = 0
    moves = np.zeros((length, *states.shape), np.int8)
    for at in range(length):
        gap = steps.gaps[:, at, None]  # blanks were left out here, so no letter goes on
        stay = np.where(gap & letters, _NEVER, scores)
        leap = np.where(other | (gap & letters), _shifted(scores, 2, _NEVER), _NEVER)
        ways = np.stack([stay, _shifted(scores, 1, _NEVER), leap])
        moves[at] = ways.argmax(0)
        scores = ways.max(0) + gains[:, at]
    rows = np.arange(number)
    last = 2 * lengths  # the blank after the last letter
    before = np.maximum(last - 1, 0)
    path = np.zeros((number, length), np.int64)
    here = np.where(scores[rows, before] > scores[rows, last], before, last)
    for at in reversed(range(length)):
        path[:, at] = here
        here = here - moves[at, rows, here]
    return path


def _shifted(values: Numbers, places: int, filling: float = 0) -> Numbers:
    """Return rows moved to the right, with `filling` for what has no left neighbour."""
    moved = np.full_like(values, filling)
    moved[:, places:] = values[:, :-places]
    return moved


def _peaks(steps: Steps, lines: Ints, labels: Ints, starts: Ints, ends: Ints) -> Ints:
    """Return for each letter the step between its first and last at which it is likeliest."""
    lengths = ends - starts + 1
    firsts = np.cumsum(lengths) - lengths
    letter = np.repeat(np.arange(len(lines)), lengths)
    at = np.arange(len(letter)) - firsts[letter] + starts[letter]
    chances = steps.all_chances[lines[letter], at, labels[letter]]
    order = np.lexsort((-chances, letter))
    peaks: Ints = at[order[firsts]]
    return peaks
