"""What a recogniser's confidences are worth, fitted on held-out lines of ground truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from kraken.lib.bidi import get_display_map
from rapidfuzz.distance import Levenshtein

from htr.corpus.lines import Choice, read_lines
from htr.corpus.text_line import TextLine
from htr.document.confidence import of_line, with_words
from htr.document.page import Glyph, Line
from htr.document.page_error import doubt
from htr.document.text import Normalisation, direction, normalise
from htr.engine import EngineSpec
from htr.engine.calibration import UNCALIBRATED, Calibration
from htr.engine.decoding import Greedy, Reading
from htr.engine.kraken import line_reader
from htr.engine.reading import LineReader
from htr.errors import NothingToDo
from htr.evaluation.judging import Judgements, Verdicts, verdicts, with_confidences
from htr.evaluation.reliability import Trust, trust
from htr.i18n import _
from htr.pipeline.assemble import line_with_text
from htr.training.confidence_fits import glyph_map, temperature, word_rule
from htr.training.page_fit import PageDoubt, page_rule

Floats: TypeAlias = npt.NDArray[np.float32]
Observer: TypeAlias = Callable[[int], None]

FEWEST = 20  # lines
NORMALISATION: Normalisation = "loose"
_AT_ONCE = 64
_ENOUGH = 400  # lines, for one number
_COLLECTIONS = 3  # fewer are no test of what holds for others


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of ground truth, its text normalised; what a model read there, and what is right.

    The words' and glyphs' confidences are the network's own.
    """

    line: TextLine
    read: Line
    verdicts: Verdicts

    def calibrated(self, calibration: Calibration) -> Line:
        """Return what was read with the confidences of a calibration."""
        parts = [(*word.glyphs, *((word.space,) if word.space else ())) for word in self.read.words]
        known = [part.confidence or 0.0 for word in parts for part in word]
        values = iter(calibration.glyphs(np.array(known, np.float32)).tolist())
        words = tuple(
            replace(
                word,
                glyphs=tuple(replace(glyph, confidence=next(values)) for glyph in word.glyphs),
                space=replace(word.space, confidence=next(values)) if word.space else None,
            )
            for word in self.read.words
        )
        line = replace(self.read, words=words)
        return with_words(replace(line, confidence=of_line(line)), calibration.words)

    def judged(self, calibration: Calibration) -> Judgements:
        """Return what is right, beside the confidences of a calibration."""
        return with_confidences(self.verdicts, self.calibrated(calibration).words)


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

    @property
    def calibration(self) -> Calibration:
        """The calibration of both."""
        own = self.plain.calibration
        other = self.with_language
        return own if other is None else replace(own, with_language=other.calibration)


def held_out(sources: Sequence[Path]) -> list[TextLine]:
    """Return the lines of folders and tars to fit on: of tars those of the split `val`, if it is.

    Raises the errors of `htr.corpus.lines.read_lines`, and NothingToDo where there are too few.
    """
    lines = list(read_lines(sources, Choice(normalisation=NORMALISATION)))
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
    plain = _without_language(replace(spec, language=None), lines, date, observe)
    if spec.language is None:
        return Fits(plain)
    reader = line_reader(spec, UNCALIBRATED)
    read = []
    for part in _parts(lines):
        readings = reader.read_strips([line.strip() for line in part])
        read += [_assembled(line, one) for line, one in zip(part, readings, strict=True)]
        observe(len(part))
    return Fits(plain, report(read, read, Calibration(date=date)))


def _without_language(
    spec: EngineSpec, lines: Sequence[TextLine], date: str, observe: Observer
) -> Fit:
    reader = line_reader(spec, UNCALIBRATED)
    peaks = list(_peaks(reader, lines, observe))
    some = slice(None, None, max(1, len(lines) // _ENOUGH))
    heat = temperature(
        lambda value: [
            glyph
            for one in _read(lines[some], peaks[some], reader.codec, value)
            for glyph in one.judged(UNCALIBRATED).glyphs
        ]
    )
    plain = _read(lines, peaks, reader.codec, 1.0)
    read = _read(lines, peaks, reader.codec, heat)
    return report(read, plain, Calibration(temperature=heat, date=date))


def report(read: Sequence[ReadLine], plain: Sequence[ReadLine], begin: Calibration) -> Fit:
    """Return the fit of readings at a temperature, compared with plain ones as they were."""
    folds = _folds(read)
    fitted = [(part, fit(rest, begin)) for part, rest in folds]
    before = trust(Judgements.all_of(one.judged(UNCALIBRATED) for one in plain))
    after = trust(Judgements.all_of(one.judged(own) for part, own in fitted for one in part))
    if before is None or after is None:
        raise NothingToDo(
            _("The model reads nothing on these lines."), hint=_("Give lines that it can read.")
        )
    pages = len({_page(one.line) for one in read})
    return Fit(fit(read, begin), before, after, len(read), pages, len(folds))


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
        pages.setdefault(_page(one.line), []).append(one)
    found = []
    for (collection, _name), members in pages.items():
        known = doubt([one.calibrated(calibration) for one in members])
        if known is None:
            continue
        edits = sum(
            Levenshtein.distance(one.line.text, normalise(one.read.text, NORMALISATION))
            for one in members
        )
        length = sum(len(one.line.text) for one in members)
        found.append(PageDoubt(collection, *known, edits, length))
    return found


def _page(line: TextLine) -> tuple[str, str]:
    return line.collection, line.page


def _folds(read: Sequence[ReadLine]) -> list[tuple[list[ReadLine], list[ReadLine]]]:
    """Return parts with all that is not of them: collections, or pages where these are few."""
    few = len({one.line.collection for one in read}) < _COLLECTIONS
    named = [_page(one.line) if few else (one.line.collection, "") for one in read]
    return [
        (
            [one for one, own in zip(read, named, strict=True) if own == name],
            [one for one, own in zip(read, named, strict=True) if own != name],
        )
        for name in dict.fromkeys(named)
    ]


def _peaks(reader: LineReader, lines: Sequence[TextLine], observe: Observer) -> Iterator[Floats]:
    """Yield the network's output for lines, less most blank steps: they read alike without."""
    for part in _parts(lines):
        for logits in reader.logits([line.strip() for line in part]):
            if not logits.size:
                yield logits
                continue
            blank = logits.argmax(1) == 0
            again = np.append(False, blank[1:] & blank[:-1])
            yield logits[~again]
        observe(len(part))


def _parts(lines: Sequence[TextLine]) -> Iterator[Sequence[TextLine]]:
    return (lines[start : start + _AT_ONCE] for start in range(0, len(lines), _AT_ONCE))


def _read(
    lines: Sequence[TextLine], peaks: Sequence[Floats], codec: Any, heat: float
) -> list[ReadLine]:
    """Return what the network's output reads at a temperature; blank lines are left out."""
    decode = Greedy(codec, heat)
    known = [(line, peak) for line, peak in zip(lines, peaks, strict=True) if peak.size]
    found = []
    for start in range(0, len(known), _AT_ONCE):
        part = known[start : start + _AT_ONCE]
        lengths = torch.tensor([len(peak) for _line, peak in part])
        logits = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(peak) for _line, peak in part])
        readings = decode(logits, lengths)
        found += [_assembled(line, one) for (line, _peak), one in zip(part, readings, strict=True)]
    return found


def _assembled(line: TextLine, reading: Reading) -> ReadLine:
    confidences = reading.confidences.tolist()
    text, order = "".join(reading.characters), list(range(len(confidences)))
    if direction(text) == "rtl":
        text, order = get_display_map(text)
    glyphs = [
        Glyph(character, confidence=confidences[index])
        for character, index in zip(text, order, strict=True)
    ]
    read = line_with_text(Line(line.id or "line"), glyphs)
    return ReadLine(line, read, verdicts(line.text, read.words, NORMALISATION))
