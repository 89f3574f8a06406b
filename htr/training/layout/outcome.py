"""What the training of a segmenter came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from htr.evaluation.layout import LayoutScores
from htr.training.layout.truth import Division, Reason

_LINES, _REGIONS = 3, 1  # parts of the score: lines are what is read


@dataclass(frozen=True, slots=True)
class Start:
    """What is about to be learned: what was held out, pages left out with the reason, kinds.

    `kinds` counts regions and lines by kind.
    """

    division: Division
    left_out: Mapping[str, Reason]
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is: the share that is done, the last page's loss, a round that ended."""

    done: float
    loss: float
    ended: Round | None = None


Observer: TypeAlias = "Callable[[Start | Progress], None]"


@dataclass(frozen=True, slots=True)
class Round:
    """The state after a round: `seconds` of work and pages seen so far, the round's mean loss.

    `scores` are those of the held-out pages.
    """

    seconds: float
    seen: int
    loss: float
    scores: LayoutScores

    @property
    def score(self) -> float:
        """How good the layouts are, in 0..1: see `score`."""
        return score(self.scores)


def score(scores: LayoutScores) -> float:
    """Return one number in 0..1 by which weights are chosen: F1 of lines, three parts, and regions.

    Where no region is known or found, lines alone count.
    """
    lines, regions = scores.lines.f1 or 0.0, scores.regions.f1
    if regions is None:
        return lines
    return (_LINES * lines + _REGIONS * regions) / (_LINES + _REGIONS)


@dataclass(frozen=True, slots=True)
class Pixels:
    """What kraken's own test says of held-out pages, in 0..1.

    `accuracy` and `iu` are shares of pixels by output (separators and regions): those that are
    right, and those of the intersection with the truth in their union. `lines` holds precision,
    recall and F1 of baselines by kind, with kraken's tolerance.
    """

    accuracy: Mapping[str, float]
    iu: Mapping[str, float]
    mean_iu: float
    lines: Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class LayoutOutcome:
    """The training of a segmenter, whole.

    `base` names the model it began from, None for random weights; `division` tells what was held
    out; `left_out` are pages with the reason. `best` is the index of the round whose weights were
    kept, None where no round was better than the base; `settings` are name and value pairs.
    """

    name: str
    base: str | None
    spec: str
    division: Division
    pages: int
    lines: int
    rounds: tuple[Round, ...]
    best: int | None
    before: LayoutScores | None
    after: LayoutScores
    pixels: Pixels
    left_out: Mapping[str, Reason] = field(default_factory=dict)
    collections: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    finished: str = ""
