"""How far confidences can be relied on: reliability, and which errors the least sure words hold.

The expected calibration error is the mean over bins of |mean confidence - share right|, weighted
by what lies in each bin (Naeini, Cooper and Hauskrecht, AAAI 2015; Guo et al., ICML 2017), over 15
bins of equal width and over 15 bins of equally many: the first has empty bins and few judgements
in some of them, the second hides what is rare.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum

from htr.document.metrics import EditCounts
from htr.evaluation.judging import Judged, Judgements

BINS = 15
SHARES = (0.05, 0.1, 0.2, 0.4)
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """What was given a confidence from `low` up to `high`: how many, mean confidence, share right.

    Mean and share are 0 in an empty bin.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How confidences agree with the shares that are right: 15 bins of equal width, and the errors.

    `error` is the expected calibration error over those bins, `error_by_mass` over 15 bins of
    equally many; `ranking` is the probability that something right has a higher confidence than
    something wrong (AUC, ties count half), None where all is right or all wrong.
    """

    count: int
    right: float
    confidence: float
    bins: tuple[Bin, ...]
    error: float
    error_by_mass: float
    ranking: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """The errors that the least sure words hold, where a `share` of all words is looked at.

    `errors` is the share of all misread words that is among them, `bound` the most that so few
    words can hold, and `edits` the share of all characters to be corrected, in 0..1.
    """

    share: float
    errors: float
    bound: float
    edits: float


@dataclass(frozen=True, slots=True)
class Band:
    """The lines of a confidence from `low` up to `high`, and how well they were read."""

    low: float
    high: float
    lines: int
    characters: EditCounts


@dataclass(frozen=True, slots=True)
class Trust:
    """What an evaluation says of confidences; None for glyphs where only words have them.

    `bands` are by lines' confidences, and empty where lines were not compared with lines.
    """

    words: Reliability
    glyphs: Reliability | None
    found: tuple[Found, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line's confidence, in 0..1, and the edits of its characters."""

    confidence: float
    characters: EditCounts


def trust(judgements: Judgements, lines: Iterable[JudgedLine] = ()) -> Trust | None:
    """Return what judgements say of confidences, or None where no word has one."""
    words = reliability(judgements.words)
    if words is None:
        return None
    return Trust(words, reliability(judgements.glyphs), found(judgements.words), bands(lines))


def reliability(judged: Sequence[Judged]) -> Reliability | None:
    """Return how confidences agree with what is right; None where there is nothing."""
    if not judged:
        return None
    ranked = sorted(judged, key=lambda one: one.confidence)
    count = len(ranked)
    members: list[list[Judged]] = [[] for _bin in range(BINS)]
    for one in ranked:
        members[min(int(one.confidence * BINS), BINS - 1)].append(one)
    bins = tuple(
        Bin(at / BINS, (at + 1) / BINS, len(inside), *_means(inside))
        for at, inside in enumerate(members)
    )
    borders = [round(count * at / BINS) for at in range(BINS + 1)]
    even = [ranked[start:end] for start, end in pairwise(borders) if end > start]
    confidence, right = _means(ranked)
    return Reliability(
        count,
        right,
        confidence,
        bins,
        _calibration_error(members, count),
        _calibration_error(even, count),
        _ranking(ranked),
    )


def found(words: Sequence[Judged]) -> tuple[Found, ...]:
    """Return which share of the errors the least sure 5, 10, 20 and 40 % of words hold.

    Words that are equally sure count in the order in which they come. Nothing comes back where
    nothing is wrong.
    """
    ranked = sorted(words, key=lambda word: word.confidence)
    errors = sum(not word.right for word in ranked)
    edits = sum(word.edits for word in ranked)
    if not errors:
        return ()
    looked_at = [(share, ranked[: round(share * len(ranked))]) for share in SHARES]
    return tuple(
        Found(
            share,
            sum(not word.right for word in least) / errors,
            min(1.0, len(least) / errors),
            sum(word.edits for word in least) / edits if edits else 0.0,
        )
        for share, least in looked_at
    )


def bands(lines: Iterable[JudgedLine]) -> tuple[Band, ...]:
    """Return the error rates of lines by their confidences, from the least sure; no empty bands."""
    known = list(lines)
    inside = [
        (
            low,
            high,
            [one for one in known if low <= one.confidence < high or one.confidence == high == 1],
        )
        for low, high in pairwise(BANDS)
    ]
    return tuple(
        Band(low, high, len(members), sum((one.characters for one in members), EditCounts()))
        for low, high, members in inside
        if members
    )


def _means(judged: Sequence[Judged]) -> tuple[float, float]:
    """Return the mean confidence and the share that is right, 0 where there is nothing."""
    if not judged:
        return 0.0, 0.0
    confidence = fsum(one.confidence for one in judged) / len(judged)
    return confidence, sum(one.right for one in judged) / len(judged)


def _calibration_error(bins: Iterable[Sequence[Judged]], count: int) -> float:
    gaps = ((_means(inside), len(inside)) for inside in bins)
    return fsum(abs(confidence - right) * size for (confidence, right), size in gaps) / count


def _ranking(ranked: Sequence[Judged]) -> float | None:
    """Return the area under the ROC curve, by ranks (Mann-Whitney U)."""
    good = sum(one.right for one in ranked)
    bad = len(ranked) - good
    if not good or not bad:
        return None
    below, won = 0, 0.0
    for _confidence, group in groupby(ranked, key=lambda one: one.confidence):
        tied = [one.right for one in group]
        wrong = len(tied) - sum(tied)
        won += sum(tied) * (below + wrong / 2)
        below += wrong
    return won / (good * bad)
