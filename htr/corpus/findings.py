"""What a check of a corpus finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from htr.corpus.characters import OddCharacter

Kind: TypeAlias = Literal[
    "unreadable",
    "image",
    "image-size",
    "place",
    "cut",
    "fit",
    "elsewhere",
    "entity",
    "forms",
    "no-lines",
    "baseline",
    "polygon",
    "text",
    "density",
]

# Most likely mistakes; the others are no more than worth knowing.
SERIOUS: tuple[Kind, ...] = (
    "unreadable",
    "image",
    "image-size",
    "place",
    "cut",
    "fit",
    "elsewhere",
    "entity",
    "forms",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a page, or a line of it, in words; the line's text and picture, if at hand.

    - `unreadable`: the page's file; `image`: its image is missing or cannot be read; `image-size`:
      it is not as large as the page says; `no-lines`.
    - `place`: the line has neither baseline nor polygon; `baseline`, `polygon`: one is missing;
      `cut`: it cannot be cut out of the image.
    - `text`: it has none; `entity`: it spells a character as XML does (`&amp;`); `forms`: the page
      mixes Unicode forms with the rest of the corpus.
    - `fit`: the image is too short for the text; `density`: there is far more or less text than
      usual on such a length; `elsewhere`: what stands there is another line's text.
    """

    kind: Kind
    page: str
    line: str = ""
    note: str = ""
    text: str = ""
    picture: bytes = field(default=b"", repr=False)

    @property
    def serious(self) -> bool:
        """Whether it is most likely a mistake."""
        return self.kind in SERIOUS


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of ground truth and what a model reads there; `cer` is the error rate by it."""

    page: str
    line: str
    truth: str
    reading: str
    cer: float
    picture: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DoubtfulPage:
    """A page that a model reads so badly that its truth is likely wrong.

    `usual` is the median error rate of its collection; `worst` are its five worst lines.
    """

    page: str
    cer: float
    usual: float
    worst: tuple[ReadLine, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """All that was found in a corpus of so many pages and lines with text, with or without a model.

    `cer` is the error rate of the model over all lines that count as truth, None without a model.
    """

    pages: int
    lines: int
    findings: tuple[Finding, ...]
    characters: tuple[OddCharacter, ...]
    doubtful: tuple[DoubtfulPage, ...]
    model: str | None = None
    cer: float | None = None

    @property
    def serious(self) -> int:
        """How many findings are most likely mistakes."""
        return (
            sum(finding.serious for finding in self.findings)
            + sum(one.serious for one in self.characters)
            + len(self.doubtful)
        )
