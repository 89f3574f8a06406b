"""What a recogniser's confidences are worth, fitted on held-out lines of ground truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from htr.corpus.cache import LineCache
from htr.corpus.lines import Choice, read_lines
from htr.corpus.text_line import TextLine
from htr.document.page_error import doubt
from htr.engine import EngineSpec
from htr.engine.calibration import UNCALIBRATED, Calibration
from htr.errors import NothingToDo
from htr.evaluation.judging import Judgements
from htr.evaluation.reliability import Trust, trust
from htr.i18n import _
from htr.training.confidence_fits import glyph_map, word_rule
from htr.training.line_readings import (
    NORMALISATION,
    Observer,
    Readings,
    ReadLine,
    edits,
    network_doubt,
    readings,
)
from htr.training.page_fit import PageDoubt, page_rule

FEWEST = 20  # lines
_COLLECTIONS = 3  # fewer are no test of what holds for others


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration, and what it does to confidences on groups that it was not fitted on.

    `groups` are how many these are: collections, or else pages.
    """

    calibration: Calibration
    before: Trust
    after: Trust
    lines: int
    pages: int
    groups: int


@dataclass(frozen=True, slots=True)
class Fits:
    """The fit for readings by the recogniser alone, and for those with its language model."""

    plain: Fit
    with_language: Fit | None = None

    def beside(self, known: Calibration | None = None) -> Calibration:
        """Return the calibration of both; of readings not fitted here, what was known stays."""
        if self.with_language is not None:
            return replace(self.plain.calibration, with_language=self.with_language.calibration)
        return replace(
            self.plain.calibration, with_language=None if known is None else known.with_language
        )


def held_out(sources: Sequence[Path]) -> list[TextLine]:
    """Return the lines of folders and tars to fit on: of tars those of the split `val`, if it is.

    Raises the errors of `htr.corpus.lines.read_lines`, and NothingToDo where there are too few.
    """
    lines = list(read_lines(sources, Choice(normalisation=NORMALISATION), LineCache()))
    if any(line.split == "val" for line in lines):
        lines = [line for line in lines if line.split in (None, "val")]
    if len(lines) < FEWEST:
        raise NothingToDo(
            _("There are only {n} lines with text here, which tell too little.").format(
                n=len(lines)
            ),
            path=" ".join(map(str, sources)),
            hint=_("Give a few pages at least that the model has not learned from, with images."),
        )
    return lines


def calibrate(
    spec: EngineSpec, lines: Sequence[TextLine], date: str, observe: Observer = lambda _n: None
) -> Fits:
    """Return what the confidences of an engine are worth on held-out lines.

    Readings without a language model are fitted, and those with the engine's own if it has one.
    `observe` is told how many more lines were read. Raises BrokenModel and DeviceError.
    """
    alone = report(readings(replace(spec, language=None), lines, observe=observe), date)
    if spec.language is None:
        return Fits(alone)
    return Fits(alone, report(readings(spec, lines, observe=observe), date))


def report(found: Readings, date: str) -> Fit:
    """Return the fit of readings, compared with what they were without."""
    begin = Calibration(temperature=found.temperature, date=date)
    parts = folds(found.read)
    fitted = [(part, fit(rest, begin)) for part, rest in parts]
    before = trust(Judgements.all_of(one.judged(UNCALIBRATED) for one in found.plain))
    after = trust(Judgements.all_of(one.judged(own) for part, own in fitted for one in part))
    if before is None or after is None:
        raise NothingToDo(
            _("The model reads nothing on these lines."), hint=_("Give lines that it can read.")
        )
    pages = len({one.page for one in found.read})
    return Fit(fit(found.read, begin), before, after, len(found.read), pages, len(parts))


def fit(read: Sequence[ReadLine], begin: Calibration) -> Calibration:
    """Return the calibration that fits readings best; of `begin` the temperature and date stay."""
    bare = replace(begin, slope=1.0, offset=0.0, lines=len(read), words=None, pages=None)
    glyphs = [glyph for one in read for glyph in one.judged(bare).glyphs]
    if not glyphs:
        return bare
    slope, offset = glyph_map(glyphs)
    mapped = replace(bare, slope=slope, offset=offset)
    words = word_rule((one.calibrated(mapped), one.verdicts) for one in read)
    return replace(mapped, words=words, pages=page_rule(page_doubts(read, mapped)))


def page_doubts(read: Iterable[ReadLine], calibration: Calibration) -> list[PageDoubt]:
    """Return what confidences say of each page of readings, beside its edits."""
    pages: dict[tuple[str, str], list[ReadLine]] = {}
    for one in read:
        pages.setdefault(one.page, []).append(one)
    found = []
    for (collection, _name), members in pages.items():
        known = doubt([one.calibrated(calibration) for one in members])
        if not known.letters:
            continue
        length = sum(len(one.line.text) for one in members)
        found.append(PageDoubt(collection, known, edits(members), length, network_doubt(members)))
    return found


def folds(read: Sequence[ReadLine]) -> list[tuple[list[ReadLine], list[ReadLine]]]:
    """Return parts with all that is not of them: collections, or pages where these are few."""
    few = len({one.line.collection for one in read}) < _COLLECTIONS
    named = [one.page if few else (one.line.collection, "") for one in read]
    return [
        (
            [one for one, own in zip(read, named, strict=True) if own == name],
            [one for one, own in zip(read, named, strict=True) if own != name],
        )
        for name in dict.fromkeys(named)
    ]
