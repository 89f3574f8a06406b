"""What a run came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from htr.document.confidence import geometric_mean
from htr.document.page_error import Estimate, PageRule, of_register
from htr.pipeline.job import PageResult

_WEAKEST = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """Pages by what became of them, failures, the weakest pages, and where the log is.

    `seconds` is the run's wall-clock time, `confidence` the mean over the characters read in this
    run, in 0..1. `expected` is the CER to be expected of all pages that htr has read, in this run
    or before, where the model was calibrated for it. `weakest` are the ten pages of lowest
    confidence, lowest first.
    """

    output: Path
    log: Path
    pages: int
    done: int
    unchanged: int
    kept: tuple[PageResult, ...]
    failed: tuple[PageResult, ...]
    weakest: tuple[PageResult, ...]
    lines: int
    characters: int
    confidence: float | None
    seconds: float
    interrupted: bool = False
    expected: Estimate | None = None

    @property
    def causes(self) -> tuple[tuple[str, int], ...]:
        """The failures' causes and how many pages each has cost, commonest first."""
        return tuple(
            Counter(
                result.error.cause if result.error else "unexpected" for result in self.failed
            ).most_common()
        )


@dataclass(slots=True)
class Tally:
    """Counts results as they come, holding those only that a summary names.

    `rule` is that of the pages' expected CER, where there is one.
    """

    pages: int
    rule: PageRule | None = None
    done: int = 0
    unchanged: int = 0
    lines: int = 0
    characters: int = 0
    kept: list[PageResult] = field(default_factory=list)
    failed: list[PageResult] = field(default_factory=list)
    weakest: list[PageResult] = field(default_factory=list)
    _expected: list[Estimate] = field(default_factory=list)
    _confidence: float | None = None

    def add(self, result: PageResult) -> None:
        """Count one result."""
        if result.expected is not None:
            self._expected.append(result.expected)
        if result.status == "failed":
            self.failed.append(result)
        elif result.status == "kept":
            self.kept.append(result)
        elif result.status == "unchanged":
            self.unchanged += 1
        else:
            self._add_done(result)

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the characters read so far."""
        return self._confidence

    @property
    def seen(self) -> int:
        """How many results were counted."""
        return self.done + self.unchanged + len(self.kept) + len(self.failed)

    def _add_done(self, result: PageResult) -> None:
        self._confidence = geometric_mean(
            ((self._confidence, self.characters), (result.confidence, result.characters))
        )
        self.done += 1
        self.lines += result.lines
        self.characters += result.characters
        if result.confidence is not None:
            self.weakest = _weakest([*self.weakest, result])

    def summary(self, output: Path, log: Path, seconds: float, *, interrupted: bool) -> Summary:
        """Return the summary of what was counted."""
        return Summary(
            output=output,
            log=log,
            pages=self.pages,
            done=self.done,
            unchanged=self.unchanged,
            kept=tuple(self.kept),
            failed=tuple(self.failed),
            weakest=tuple(self.weakest),
            lines=self.lines,
            characters=self.characters,
            confidence=self.confidence,
            seconds=seconds,
            interrupted=interrupted,
            expected=None if self.rule is None else of_register(self._expected, self.rule),
        )


def _weakest(results: Sequence[PageResult]) -> list[PageResult]:
    return sorted(results, key=lambda result: result.confidence or 0.0)[:_WEAKEST]
