"""Other readings of each word: the same search again between the spaces on its two sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htr.engine.language.alignment import Placed
from htr.engine.language.arrays import Doubles, Ints
from htr.engine.language.beam import search
from htr.engine.language.certainty import states_before, weigh_by_rest
from htr.engine.language.scoring import Scorer
from htr.engine.language.steps import Steps

_MORE = 4  # texts searched for beyond those asked for: some are the word itself, or none


@dataclass(frozen=True, slots=True)
class _Spans:
    """Words in lines' order: whose each is, its first and last letter, and between which steps.

    Letters count over all lines; steps from `starts` up to, but not including, `ends`.
    """

    lines: Ints
    firsts: Ints
    lasts: Ints
    starts: Ints
    ends: Ints


def alternatives(
    steps: Steps, placed: Placed, scorer: Scorer, texts: Mapping[int, str], most: int
) -> list[tuple[tuple[str, ...], ...]]:
    """Return for each line, for each of its words, up to `most` other readings, likeliest first.

    `texts` says what each label stands for. What is before and after a word is taken as read.
    """
    found: list[list[tuple[str, ...]]] = [[] for _line in range(len(steps.blanks))]
    spans = _spans(steps, placed, texts)
    if not len(spans.lines):
        return [tuple(words) for words in found]

    def fits(states: Ints) -> Doubles:
        weights = np.ones(states.shape)
        weigh_by_rest(states.copy(), weights, spans.lasts, placed, scorer)
        return weights

    before = states_before(placed, scorer)[spans.firsts]
    hypotheses = search(_cut(steps, spans), scorer, most + _MORE, before, fits)
    for word, line in enumerate(spans.lines):
        labels = placed.labels[spans.firsts[word] : spans.lasts[word] + 1]
        read = _text(labels, texts)
        others = (
            _text(row, texts)
            for row, share in zip(hypotheses.labels[word], hypotheses.shares[word], strict=True)
            if share > 0
        )
        kept = dict.fromkeys(text for text in others if text != read and len(text.split()) == 1)
        found[line].append(tuple(kept)[:most])
    return [tuple(words) for words in found]


def _text(labels: Ints, texts: Mapping[int, str]) -> str:
    return "".join(texts.get(label, "") for label in labels.tolist() if label).strip()


def _spans(steps: Steps, placed: Placed, texts: Mapping[int, str]) -> _Spans:
    blank = np.array([texts.get(label, "").isspace() for label in placed.labels.tolist()], bool)
    new_line = np.diff(placed.lines, prepend=-1) != 0
    begins = ~blank & (new_line | np.append(True, blank[:-1]))
    ends = ~blank & (np.append(new_line[1:], True) | np.append(blank[1:], True))
    firsts, lasts = np.flatnonzero(begins), np.flatnonzero(ends)
    # A word's steps reach as far as the spaces beside it.
    starts = np.where(new_line[firsts], 0, placed.ends[firsts - 1] + 1)
    after = np.append(placed.starts[1:], 0)
    at_end = np.append(new_line[1:], True)[lasts]
    stops = np.where(at_end, steps.blanks.shape[1], after[lasts])
    return _Spans(placed.lines[firsts], firsts, lasts, starts, stops)


def _cut(steps: Steps, spans: _Spans) -> Steps:
    """Return the words' steps as if each word were a line."""
    length = int((spans.ends - spans.starts).max())
    at = spans.starts[:, None] + np.arange(length)
    beyond = at >= spans.ends[:, None]
    rows, at = spans.lines[:, None], np.minimum(at, steps.blanks.shape[1] - 1)
    chances = steps.all_chances[rows, at]
    chances[beyond] = 0
    chances[..., 0][beyond] = 1
    return Steps(
        steps.labels[rows, at],
        np.where(beyond[..., None], 0, steps.chances[rows, at]),
        np.where(beyond, 1, steps.blanks[rows, at]),
        chances,
        steps.gaps[rows, at] & ~beyond,
        steps.times[rows, at],
    )
