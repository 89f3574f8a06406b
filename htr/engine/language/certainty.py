"""How sure each letter of a text is, if all the others are as they stand.

The letter is weighed against the other labels that the network saw in its place, and against none
at all: each at the network's probability times what the model says of the letter and of those
that follow it.
"""

from __future__ import annotations

import numpy as np

from htr.engine.language.alignment import Placed
from htr.engine.language.arrays import Bools, Doubles, Ints
from htr.engine.language.scoring import Scorer
from htr.engine.language.steps import Steps

_AFTER = 5  # letters that follow: what stands further on hardly depends on this one


def certainties(steps: Steps, placed: Placed, scorer: Scorer) -> Doubles:
    """Return for each placed letter (K,) its share, 0..1, among what may stand there."""
    rivals = steps.labels[placed.lines, placed.peaks]
    chances = steps.chances[placed.lines, placed.peaks] * (rivals != placed.labels[:, None])
    own = steps.all_chances[placed.lines, placed.peaks, placed.labels]
    blank = steps.blanks[placed.lines, placed.peaks]
    labels = np.column_stack([placed.labels, np.zeros_like(placed.labels), rivals])
    weights = np.column_stack([own, blank, chances]).astype(np.float64)
    states = np.repeat(states_before(placed, scorer)[:, None], labels.shape[1], 1)
    _follow(states, weights, (labels > 0) & (weights > 0), labels, scorer)
    weigh_by_rest(states, weights, np.arange(len(labels)), placed, scorer)
    shares: Doubles = weights[:, 0] / weights.sum(1)
    return shares


def states_before(placed: Placed, scorer: Scorer) -> Ints:
    """Return the scorer's state (K,) before each placed letter, given those before it."""
    number = int(placed.lines.max(initial=-1)) + 1
    firsts = np.searchsorted(placed.lines, np.arange(number))
    place = np.arange(len(placed.lines)) - firsts[placed.lines]
    before = np.full(len(placed.lines), scorer.start)
    for at in range(1, int(place.max(initial=0)) + 1):
        now = np.flatnonzero(place == at)
        before[now], _factors = scorer.step(before[now - 1], placed.labels[now - 1])
    return before


def weigh_by_rest(
    states: Ints, weights: Doubles, letters: Ints, placed: Placed, scorer: Scorer
) -> None:
    """Multiply weights (J, A) by how likely the line goes on as it does after `letters` (J,).

    `states` (J, A) are those of what stands in place of the letters; they are changed, too.
    """
    inside = np.ones(len(letters), bool)
    for ahead in range(1, _AFTER + 1):
        labels = _later(placed, ahead)[letters]
        ends = inside & (labels == 0)
        weights[ends] *= scorer.end(states[ends])
        inside = labels > 0
        asked = inside[:, None] & (weights > 0)
        _follow(states, weights, asked, np.repeat(labels[:, None], states.shape[1], 1), scorer)


def _later(placed: Placed, ahead: int) -> Ints:
    """Return the label that stands so many letters further on in the line, 0 beyond its end."""
    labels = np.zeros_like(placed.labels)
    labels[:-ahead] = placed.labels[ahead:] * (placed.lines[ahead:] == placed.lines[:-ahead])
    return labels


def _follow(states: Ints, weights: Doubles, asked: Bools, labels: Ints, scorer: Scorer) -> None:
    """Take states and weights one label further where that is asked for."""
    states[asked], factors = scorer.step(states[asked], labels[asked])
    weights[asked] *= factors
