"""CTC prefix beam search over many lines at once, with a model of what is likely to be written.

Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional
recurrent DNNs, 2014, algorithm 1. A hypothesis is a text; what it weighs is the probability of all
paths of labels that spell it, times what the model says of the text. Time steps at which the
network is sure to see nothing are left out beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from htr.engine.language.arrays import Doubles, Ints, Words
from htr.engine.language.scoring import Scorer
from htr.engine.language.steps import Steps

_WORTH = 3e-4  # of the likeliest text: what is less before it is judged never comes to anything
_PRIME = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits spread: Knuth, TAOCP 3, section 6.4


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What N lines may say, B texts each, the likeliest first.

    `labels` (N, B, L) are those of each text with 0 where none begins; `shares` (N, B) add up to
    1 over the texts of a line, 0 where there are fewer texts than B.
    """

    labels: Ints
    shares: Doubles


@dataclass(slots=True)
class _Beam:
    """B texts of each of N lines, all arrays (N, B): their last label and a hash of them whole.

    `ended` and `open` are the weights of the paths whose last step is blank, and is not.
    """

    ended: Doubles
    open: Doubles
    states: Ints
    last: Ints
    hashes: Words


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
        sources[at], written[at] = _advance(beam, steps, at, scorer)
    weights = (beam.ended + beam.open) * (end or scorer.end)(beam.states)
    order = np.argsort(-weights, axis=1, kind="stable")
    weights = np.take_along_axis(weights, order, 1)
    labels = np.zeros((number, width, length), np.int64)
    for at in reversed(range(length)):
        labels[:, :, at] = np.take_along_axis(written[at], order, 1)
        order = np.take_along_axis(sources[at], order, 1)
    return Hypotheses(labels, weights / np.maximum(weights.sum(1, keepdims=True), 1e-300))


def _beginning(starts: Ints, width: int) -> _Beam:
    """Return a beam with the empty text; the other places weigh nothing."""
    shape = (len(starts), width)
    weights = np.zeros(shape)
    weights[:, 0] = 1
    states = np.repeat(starts[:, None], width, 1)
    hashes = np.repeat(np.arange(width, dtype=np.uint64)[None], len(starts), 0)
    return _Beam(weights, np.zeros(shape), states, np.zeros(shape, np.int64), hashes)


def _advance(beam: _Beam, steps: Steps, at: int, scorer: Scorer) -> tuple[Ints, Ints]:
    """Take a time step; return for each text of the new beam which it comes from, and its label.

    The label is 0 where the text stays as it was.
    """
    number, width = beam.last.shape
    total = beam.ended + beam.open
    gap = steps.gaps[:, at, None]
    ended = np.where(gap, total, beam.ended)
    still_open = np.where(gap, 0, beam.open)
    labels, chances = steps.labels[:, at, None, :], steps.chances[:, at, None, :]
    again = labels == beam.last[:, :, None]
    grown = np.where(again, ended[:, :, None], total[:, :, None]) * chances
    states, factors = _judged(beam, labels, grown, scorer)
    grown *= factors
    hashes = (beam.hashes[:, :, None] + labels.astype(np.uint64)) * _PRIME
    kept = still_open * np.take_along_axis(steps.all_chances[:, at], beam.last, 1)
    kept += _merged(beam, grown, hashes)
    stayed = total * steps.blanks[:, at, None]
    each = labels.shape[2]
    weights = np.concatenate([stayed + kept, grown.reshape(number, -1)], 1)
    best = np.argpartition(-weights, width - 1, axis=1)[:, :width]
    largest = np.maximum(np.take_along_axis(weights, best, 1).max(1, keepdims=True), 1e-300)
    grew = best >= width
    source = np.where(grew, (best - width) // each, best)
    place = np.where(grew, best - width, 0)
    rows = np.arange(number)[:, None]
    written = np.where(grew, labels[:, 0][rows, place % each], 0)
    beam.ended = np.where(grew, 0, stayed[rows, source]) / largest
    beam.open = np.where(grew, grown.reshape(number, -1)[rows, place], kept[rows, source]) / largest
    beam.states = np.where(grew, states.reshape(number, -1)[rows, place], beam.states[rows, source])
    beam.hashes = np.where(grew, hashes.reshape(number, -1)[rows, place], beam.hashes[rows, source])
    beam.last = np.where(grew, written, beam.last[rows, source])
    return source, written


def _judged(beam: _Beam, labels: Ints, grown: Doubles, scorer: Scorer) -> tuple[Ints, Doubles]:
    """Return the scorer's states and factors of all that grow to more than nothing."""
    states = np.zeros(grown.shape, np.int64)
    factors = np.zeros(grown.shape)
    asked = grown > _WORTH
    before = np.broadcast_to(beam.states[:, :, None], grown.shape)[asked]
    states[asked], factors[asked] = scorer.step(before, np.broadcast_to(labels, grown.shape)[asked])
    return states, factors


def _merged(beam: _Beam, grown: Doubles, hashes: Words) -> Doubles:
    """Move what grows to a text that is in the beam already there; return what each gains."""
    same = (hashes[:, :, :, None] == beam.hashes[:, None, None, :]) & (grown > 0)[..., None]
    gains: Doubles = np.einsum("nbk,nbkg->ng", grown, same)
    grown[same.any(3)] = 0
    return gains
