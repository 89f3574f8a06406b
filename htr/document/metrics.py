"""Error rates: edits counted over characters or words, and the characters that were confused.

An error rate is (substitutions + insertions + deletions) / length of the truth, the Levenshtein
distance by unit of truth: CER over characters (code points of the normalised text, as kraken and
most evaluation tools count them), WER over words (runs without white space). Rates of several
pages are the rate of their summed counts, never the mean of their rates.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditCounts:
    """The edits that turn a truth of `length` units into what was read; counts add up."""

    substitutions: int = 0
    insertions: int = 0
    deletions: int = 0
    length: int = 0

    @property
    def errors(self) -> int:
        """All edits together."""
        return self.substitutions + self.insertions + self.deletions

    @property
    def rate(self) -> float | None:
        """Errors by unit of truth: 0.0 where all is right, above 1 where much was invented.

        None where the truth is empty and something was read: no rate can say how wrong that is.
        """
        if self.length:
            return self.errors / self.length
        return None if self.errors else 0.0

    def __add__(self, other: "EditCounts") -> "EditCounts":
        return EditCounts(
            self.substitutions + other.substitutions,
            self.insertions + other.insertions,
            self.deletions + other.deletions,
            self.length + other.length,
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """How well some text was read, by characters and by words; scores add up."""

    characters: EditCounts = EditCounts()
    words: EditCounts = EditCounts()

    @property
    def cer(self) -> float | None:
        """The character error rate; None as in `EditCounts.rate`."""
        return self.characters.rate

    @property
    def wer(self) -> float | None:
        """The word error rate; None as in `EditCounts.rate`."""
        return self.words.rate

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(self.characters + other.characters, self.words + other.words)


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a character of the truth was read as another.

    An empty `truth` says that `prediction` was inserted, an empty `prediction` that `truth` was
    missed.
    """

    truth: str
    prediction: str
    count: int


def merge(confusions: Iterable[Confusion], limit: int | None = None) -> tuple[Confusion, ...]:
    """Return confusions with equal ones counted together, the commonest first, at most `limit`."""
    counts: Counter[tuple[str, str]] = Counter()
    for confusion in confusions:
        counts[confusion.truth, confusion.prediction] += confusion.count
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(*pair, count) for pair, count in ranked[:limit])
