"""CTC prefix beam search over many lines at once, with a model of what is likely to be written.

Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional
recurrent DNNs, 2014, algorithm 1. A hypothesis is a text; what it weighs is the probability of all
paths of labels that spell it, times what the model says of the text. Time steps at which the
network is sure to see nothing are left out beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from htr.engine.language.arrays import Doubles, Ints, Words
from htr.engine.language.scoring import Scorer
from htr.engine.language.steps import Steps

_WORTH = (
    3e-4  # of the likeliest text: what is less before it is judged hardly ever comes to anything
)
_TINY = 1e-300  # keeps divisions from 0 / 0
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits spread: Knuth, TAOCP 3, section 6.4


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What N lines may say, B texts each, the likeliest first.

    `labels` (N, B, L) are those of each text with 0 where none begins; `shares` (N, B) add up to
    1 over the texts of a line, 0 where there are fewer texts than B.
    """

    labels: Ints
    shares: Doubles


@dataclass(frozen=True, slots=True)
class _Beam:
    """B texts of each of N lines, all arrays (N, B), and no text twice in a line.

    `ended` and `open` are the weights of the paths whose last step is blank, and is not; `last` is
    a text's last label, and `hashes` stand for the texts as wholes.
    """

    ended: Doubles
    open: Doubles
    states: Ints
    last: Ints
    hashes: Words


@dataclass(frozen=True, slots=True)
class _Grown:
    """Texts that are one label longer than one of the beam, arrays (M,).

    `lines` and `sources` say which one.
    """

    lines: Ints
    sources: Ints
    labels: Ints
    states: Ints
    hashes: Words
    weights: Doubles

    def without(self, which: Ints) -> _Grown:
        """Return all but some of them."""
        kept = np.ones(len(self.lines), bool)
        kept[which] = False
        return _Grown(*(getattr(self, field.name)[kept] for field in fields(self)))


def search(
    steps: Steps,
    scorer: Scorer,
    width: int,
    starts: Ints | None = None,
    end: Callable[[Ints], Doubles] | None = None,
) -> Hypotheses:
    """Return the `width` likeliest texts of each line.

    `starts` (N,) are the scorer's states where lines begin, and `end` says by what texts weigh
    that end at states (N, B): those of whole lines if None.
    """
    number, length = steps.blanks.shape
    beam = _beginning(np.full(number, scorer.start) if starts is None else starts, width)
    sources = np.zeros((length, number, width), np.int64)
    written = np.zeros((length, number, width), np.int64)
    for at in range(length):
        beam, sources[at], written[at] = _advance(beam, steps, at, scorer)
    weights = (beam.ended + beam.open) * (end or scorer.end)(beam.states)
    order = np.argsort(-weights, axis=1, kind="stable")
    weights = np.take_along_axis(weights, order, 1)
    labels = np.zeros((number, width, length), np.int64)
    for at in reversed(range(length)):
        labels[:, :, at] = np.take_along_axis(written[at], order, 1)
        order = np.take_along_axis(sources[at], order, 1)
    return Hypotheses(labels, weights / np.maximum(weights.sum(1, keepdims=True), _TINY))


def _beginning(starts: Ints, width: int) -> _Beam:
    """Return a beam with the empty text; the other places weigh nothing."""
    shape = (len(starts), width)
    weights = np.zeros(shape)
    weights[:, 0] = 1
    states = np.repeat(starts[:, None], width, 1)
    hashes = np.repeat(np.arange(width, dtype=np.uint64)[None], len(starts), 0)
    return _Beam(weights, np.zeros(shape), states, np.zeros(shape, np.int64), hashes)


def _advance(beam: _Beam, steps: Steps, at: int, scorer: Scorer) -> tuple[_Beam, Ints, Ints]:
    """Take a time step; return the new beam and, for its texts, which they come from and by what.

    A text comes from its source by a label, or by 0 where it stays as it was.
    """
    number, width = beam.last.shape
    gap = steps.gaps[:, at, None]
    total = beam.ended + beam.open
    ended = np.where(gap, total, beam.ended)
    lines = np.arange(number)[:, None]
    still = np.where(gap, 0, beam.open) * steps.all_chances[lines, at, beam.last]
    grown = _grown(beam, steps, at, total, ended, scorer)
    known, twins = np.nonzero(grown.hashes[:, None] == beam.hashes[grown.lines])
    np.add.at(still, (grown.lines[known], twins), grown.weights[known])
    grown = grown.without(known)
    stayed = total * steps.blanks[:, at, None]
    weights = np.append((stayed + still).ravel(), grown.weights)
    best = _best(np.append(np.repeat(lines[:, 0], width), grown.lines), weights, number, width)
    largest = np.maximum(weights[best[:, :1]], _TINY)
    nothing = np.zeros(len(grown.lines))
    labels = np.append(np.zeros(number * width, np.int64), grown.labels)[best]
    last = np.append(beam.last.ravel(), grown.labels)[best]
    following = _Beam(
        np.append(stayed.ravel(), nothing)[best] / largest,
        np.append(still.ravel(), grown.weights)[best] / largest,
        np.append(beam.states.ravel(), grown.states)[best],
        last,
        np.append(beam.hashes.ravel(), grown.hashes)[best],
    )
    sources = np.append(np.tile(np.arange(width), number), grown.sources)[best]
    return following, sources, labels


def _grown(
    beam: _Beam, steps: Steps, at: int, total: Doubles, ended: Doubles, scorer: Scorer
) -> _Grown:
    """Return what texts grow to by the likeliest labels, where that weighs enough to be judged."""
    labels, chances = steps.labels[:, at, None, :], steps.chances[:, at, None, :]
    # A label that follows itself is a new one only after a blank.
    again = labels == beam.last[:, :, None]
    weights = np.where(again, ended[:, :, None], total[:, :, None]) * chances
    lines, sources, which = np.nonzero(weights > _WORTH)
    new = labels[lines, 0, which]
    states, factors = scorer.step(beam.states[lines, sources], new)
    hashes = (beam.hashes[lines, sources] + new.astype(np.uint64)) * _SPREAD
    return _Grown(lines, sources, new, states, hashes, weights[lines, sources, which] * factors)


def _best(lines: Ints, weights: Doubles, number: int, width: int) -> Ints:
    """Return the places of the `width` greatest weights of each line, the greatest first."""
    order = np.lexsort((-weights, lines))
    firsts = np.searchsorted(lines[order], np.arange(number))
    best: Ints = order[firsts[:, None] + np.arange(width)]
    return best
