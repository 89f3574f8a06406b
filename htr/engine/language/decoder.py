"""Reads a network's output together with models of what is likely to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from htr.engine.decoding import NOTHING, Reading
from htr.engine.language.alignment import Placed, align
from htr.engine.language.alternatives import alternatives
from htr.engine.language.arrays import Doubles, Ints
from htr.engine.language.beam import search
from htr.engine.language.certainty import certainties
from htr.engine.language.scoring import LetterModel, Scorer
from htr.engine.language.steps import Steps, steps_of

WIDTH = 16  # texts kept at each step: with 8, val has a CER of 13.8 % in place of 13.4 %


class BeamDecoder:
    """Takes the text that is likeliest as a whole; see `htr.engine.decoding.BatchDecoder`.

    A letter's confidence is its share among what may stand in its place, given all the others.
    `alternatives` is how many other readings of each word are wanted.
    """

    def __init__(
        self,
        codec: Any,
        models: Sequence[LetterModel],
        *,
        alternatives: int = 0,
        width: int = WIDTH,
    ) -> None:
        """Take a codec of kraken in which each label stands for letters by itself.

        Raises ValueError for another one.
        """
        if codec.strict or not all(len(code) == 1 for code in codec.l2c):
            raise ValueError("codec")
        self._texts: Mapping[int, str] = dict(codec.l2c_single)
        self._scorer = Scorer(models, self._texts)
        self._alternatives = alternatives
        self._width = width

    def __call__(self, logits: Tensor, lengths: Tensor) -> list[Reading]:
        """Return for each of N lines its characters (see `BatchDecoder`)."""
        steps = steps_of(logits, lengths)
        number, length = steps.blanks.shape
        if not length:
            return [NOTHING] * number
        best = search(steps, self._scorer, self._width).labels[:, 0]
        placed = align(steps, _packed(best))
        sure = certainties(steps, placed, self._scorer)
        others = (
            alternatives(steps, placed, self._scorer, self._texts, self._alternatives)
            if self._alternatives
            else [()] * number
        )
        borders = np.searchsorted(placed.lines, np.arange(number + 1))
        return [
            self._reading(steps, placed, sure, slice(*borders[line : line + 2]), others[line])
            for line in range(number)
        ]

    def _reading(
        self,
        steps: Steps,
        placed: Placed,
        sure: Doubles,
        letters: slice,
        others: tuple[tuple[str, ...], ...],
    ) -> Reading:
        """Return the reading of one line; all letters of a label have its place."""
        texts = [self._texts.get(label, "") for label in placed.labels[letters].tolist()]
        repeats = np.array([len(text) for text in texts], np.int64)
        times = steps.times[placed.lines[letters][:, None], _ends(placed, letters)]
        return Reading(
            tuple("".join(texts)),
            np.repeat(times[:, 0], repeats),
            np.repeat(times[:, 1], repeats),
            np.repeat(sure[letters].astype(np.float32), repeats),
            others,
        )


def _ends(placed: Placed, letters: slice) -> Ints:
    return np.column_stack([placed.starts[letters], placed.ends[letters]])


def _packed(labels: Ints) -> Ints:
    """Return rows of labels (N, L) with the zeros among them moved to the end."""
    order = np.argsort(labels == 0, axis=1, kind="stable")
    return np.take_along_axis(labels, order, 1)
