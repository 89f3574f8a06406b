"""What a training came to: the values from which its report and model card are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from htr.corpus.text_line import TextLine
from htr.document.metrics import EditCounts
from htr.document.text import Normalisation


@dataclass(frozen=True, slots=True)
class Moment:
    """The state of a training after a round: `seconds` of work so far, lines seen so far.

    `loss` is the mean CTC loss a character over the round, `cer` that of the held-out lines, in
    0 up.
    """

    seconds: float
    seen: int
    loss: float
    cer: float


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """A held-out line, and what the model read there before and after."""

    line: TextLine
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """How well a model that learned from so many lines reads each held-out page."""

    lines: int
    pages: Mapping[str, EditCounts]


@dataclass(frozen=True, slots=True)
class NewCharacter:
    """A character that the base model did not know: how often it stands in the training lines.

    `places` names the first few of them, as `page, line`.
    """

    character: str
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A training of a recogniser, whole.

    `base` names the model it began from, or is None for one from scratch; `spec` is the network in
    VGSL; `split` says in the user's language how lines were held out. `trained` and `held_out` are
    counts of lines, `pages` those of pages trained on. `kept` are lines of other hands which the
    model should go on reading as well as before. `best` is the index of the moment whose weights
    were kept, or None where the base was not bettered. `settings` are name and value pairs.
    `seconds` is the time that the training took as a whole. `held_out_by` is the unit of the split
    (`page`, `document`, `hand`, `line`), `given` where the corpus says itself, "" where unknown.
    `alphabet` is the number of characters that the model tells apart, `normalisation` how texts
    were made alike before they were learned. `command`, `finished` (an ISO date), `licence` and
    `credits` go into the model card as they stand.
    """

    name: str
    base: str | None
    spec: str
    split: str
    trained: int
    pages: int
    held_out: int
    moments: tuple[Moment, ...]
    best: int | None
    lines: tuple[LineOutcome, ...]
    kept: tuple[LineOutcome, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    new_characters: tuple[NewCharacter, ...] = ()
    rare_characters: tuple[NewCharacter, ...] = ()
    collections: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    held_out_by: str = ""
    alphabet: int | None = None
    normalisation: Normalisation = "nfc"
    command: str = ""
    finished: str = ""
    licence: str = ""
    credits: tuple[str, ...] = ()
