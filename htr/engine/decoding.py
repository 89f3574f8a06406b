"""From the best label of each time step to characters: greedy CTC decoding of a batch at once.

Graves et al., Connectionist Temporal Classification, ICML 2006, section 3.2: equal labels in a row
are one, and the blank, label 0, is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from torch import Tensor

from htr.document.page_error import Doubt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Runs:
    """Time steps in a row with one label, blanks left out: four arrays (K,), in time's order.

    A run lasts from `starts` to `ends`, both included; its confidence is the greatest of its steps.
    """

    labels: Ints
    starts: Ints
    ends: Ints
    confidences: Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """Characters with the time steps between which the network saw them and its confidences.

    `alternatives` are other readings of each word, if they were asked for; `network` is what the
    network itself doubted, where more than it had a say.
    """

    characters: tuple[str, ...]
    starts: Ints
    ends: Ints
    confidences: Floats
    alternatives: tuple[tuple[str, ...], ...] = ()
    network: Doubt | None = None


def runs(labels: Ints, confidences: Floats, lengths: Ints) -> list[Runs]:
    """Return for each of N lines its runs, of which `lengths` (N,) steps belong to the line.

    `labels` and `confidences` are (N, T): the best label of each step and its probability, 0..1.
    """
    number, steps = labels.shape
    firsts = np.arange(number) * steps
    new = np.ones((number, steps), bool)
    new[:, 1:] = labels[:, 1:] != labels[:, :-1]
    beyond = lengths < steps
    new[beyond, lengths[beyond]] = True
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], number * steps) - 1
    best = np.maximum.reduceat(confidences.ravel(), starts)
    line = starts // steps
    kept = (labels.ravel()[starts] != 0) & (starts < firsts[line] + lengths[line])
    starts, ends, best, line = starts[kept], ends[kept], best[kept], line[kept]
    found = labels.ravel()[starts]
    borders = np.searchsorted(line, np.arange(number + 1))
    return [
        Runs(found[part], starts[part] - first, ends[part] - first, best[part])
        for first, part in zip(firsts, map(slice, borders[:-1], borders[1:]), strict=True)
    ]


NOTHING = Reading((), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


class BatchDecoder(Protocol):
    """Makes characters of a network's output for lines of about one length."""

    def __call__(self, logits: Tensor, lengths: Tensor) -> list[Reading]:
        """Return for each of N lines its characters, from logits (longest T, N, labels).

        `lengths` (N,) are the time steps that belong to each line; label 0 is the blank.
        """
        ...


class Greedy:
    """Takes the best label at each step, whatever stands beside it.

    Confidences are probabilities at a temperature, by which logits are divided.
    """

    def __init__(self, codec: Any, temperature: float = 1.0) -> None:
        self._decoder = Decoder(codec)
        self._temperature = temperature

    def __call__(self, logits: Tensor, lengths: Tensor) -> list[Reading]:
        """Return for each of N lines its characters (see `BatchDecoder`)."""
        return [
            self._decoder.decode(line) for line in best_runs(logits / self._temperature, lengths)
        ]


def best_runs(logits: Tensor, lengths: Tensor) -> list[Runs]:
    """Return for each of N lines the runs of its best labels (see `BatchDecoder`)."""
    best = logits.float().softmax(2).max(2)
    labels, confidences = (column.T.cpu().numpy() for column in (best.indices, best.values))
    return runs(labels, confidences, lengths.cpu().numpy())


def doubts(logits: Tensor, lengths: Tensor) -> list[Doubt]:
    """Return what the network itself doubts of each of N lines (see `BatchDecoder`)."""
    return [Doubt.of(line.confidences.tolist()) for line in best_runs(logits, lengths)]


class Decoder:
    """Turns runs of labels into characters by a codec of kraken."""

    def __init__(self, codec: Any) -> None:
        self._codec = codec
        simple = not codec.strict and all(len(code) == 1 for code in codec.l2c)
        self._texts: dict[int, str] | None = dict(codec.l2c_single) if simple else None

    def decode(self, found: Runs) -> Reading:
        """Return the characters of one line; labels that the codec does not know are left out.

        Of a label for several characters all have its place; of a character with several labels
        the confidence is their mean.
        """
        if self._texts is None:
            return _unzipped(self._codec.decode(_zipped(found)))
        texts = [self._texts.get(label, "") for label in found.labels.tolist()]
        repeats = np.array([len(text) for text in texts], np.int64)
        return Reading(
            tuple("".join(texts)),
            np.repeat(found.starts, repeats),
            np.repeat(found.ends, repeats),
            np.repeat(found.confidences, repeats),
        )


def _zipped(found: Runs) -> list[tuple[int, int, int, float]]:
    columns = (found.labels, found.starts, found.ends, found.confidences)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _unzipped(characters: Sequence[tuple[str, int, int, float]]) -> Reading:
    texts, starts, ends, confidences = zip(*characters, strict=True) if characters else ((),) * 4
    return Reading(
        tuple(texts),
        np.array(starts, np.int64),
        np.array(ends, np.int64),
        np.array(confidences, np.float32),
    )
