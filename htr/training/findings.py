"""What a training came to, measured: the numbers that its report and its model card show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from htr.document.metrics import Confusion, EditCounts, Scores, merge
from htr.evaluation.bootstrap import Interval, difference_interval, rate_interval
from htr.evaluation.evaluate import compare
from htr.training.learning_curve import LearningCurve, Silence, learning_curve
from htr.training.outcome import LineOutcome, Outcome


@dataclass(frozen=True, slots=True)
class Scored:
    """A line with what was made of it before and after."""

    line: LineOutcome
    before: Scores
    after: Scores


@dataclass(frozen=True, slots=True)
class PageChange:
    """How a page was read before and after; `name` is the page's, `lines` how many were read."""

    name: str
    lines: int
    before: Scores
    after: Scores


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the same lines were read before and after.

    `before` and `after` are CERs, `change` what lies between them (below 0 where errors went
    away), and the same of words, all with intervals over the pages. `pages` and `lines` are worst
    first, by what is wrong after: pages by CER, lines by errors. Confusions are the commonest
    first.
    """

    before: Interval
    after: Interval
    change: Interval
    words_before: Interval
    words_after: Interval
    words_change: Interval
    pages: tuple[PageChange, ...]
    lines: tuple[Scored, ...]
    confusions_before: tuple[Confusion, ...]
    confusions_after: tuple[Confusion, ...]

    @property
    def taken_away(self) -> float | None:
        """The share of the errors that went away, below 0 where errors came; None without any."""
        return -self.change.estimate / self.before.estimate if self.before.estimate else None

    @property
    def characters(self) -> int:
        """How many characters of truth the lines have."""
        return sum(page.after.characters.length for page in self.pages)


@dataclass(frozen=True, slots=True)
class Findings:
    """A training's outcome with what was measured of it.

    `kept` is None where no lines of other hands were read.
    """

    outcome: Outcome
    own: Comparison | None
    kept: Comparison | None
    curve: LearningCurve | Silence

    @property
    def bettered(self) -> bool:
        """Whether the training found better weights than those it began with."""
        return bool(self.outcome.best)


def findings(outcome: Outcome) -> Findings:
    """Return what was measured in a training; comparisons are None where no lines were read."""
    return Findings(
        outcome, compared(outcome.lines), compared(outcome.kept), learning_curve(outcome.curve)
    )


def compared(lines: Sequence[LineOutcome]) -> Comparison | None:
    """Return how lines were read before and after, or None where there are none."""
    if not lines:
        return None
    before = [compare(line.line.text, line.before) for line in lines]
    after = [compare(line.line.text, line.after) for line in lines]
    scored = [
        Scored(line, first, second)
        for line, (first, _old), (second, _new) in zip(lines, before, after, strict=True)
    ]
    pages = _by_page(scored)
    return Comparison(
        *_rates([(page.before.characters, page.after.characters) for page in pages]),
        *_rates([(page.before.words, page.after.words) for page in pages]),
        tuple(sorted(pages, key=lambda page: (-(page.after.cer or 0.0), page.name))),
        tuple(sorted(scored, key=lambda one: -one.after.characters.errors)),
        merge(one for _scores, confusions in before for one in confusions),
        merge(one for _scores, confusions in after for one in confusions),
    )


def _rates(pages: Sequence[tuple[EditCounts, EditCounts]]) -> tuple[Interval, Interval, Interval]:
    before, after = zip(*pages, strict=True)
    return rate_interval(before), rate_interval(after), difference_interval(before, after)


def _by_page(lines: Sequence[Scored]) -> list[PageChange]:
    pages: dict[str, list[Scored]] = {}
    for line in lines:
        pages.setdefault(line.line.line.page, []).append(line)
    return [
        PageChange(
            name,
            len(members),
            sum((one.before for one in members), Scores()),
            sum((one.after for one in members), Scores()),
        )
        for name, members in pages.items()
    ]
