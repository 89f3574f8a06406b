"""What a recogniser reads on lines of ground truth, with what is right there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from kraken.lib.bidi import get_display_map
from rapidfuzz.distance import Levenshtein

from htr.corpus.text_line import TextLine
from htr.document.confidence import of_line, with_words
from htr.document.page import Glyph, Line
from htr.document.page_error import Doubt
from htr.document.text import Normalisation, direction, normalise
from htr.engine import EngineSpec
from htr.engine.calibration import UNCALIBRATED, Calibration
from htr.engine.decoding import Greedy, Reading
from htr.engine.kraken import line_reader
from htr.engine.reading import LineReader
from htr.evaluation.judging import Judgements, Verdicts, verdicts, with_confidences
from htr.pipeline.assemble import line_with_text
from htr.training.confidence_fits import temperature

Floats: TypeAlias = npt.NDArray[np.float32]
Observer: TypeAlias = Callable[[int], None]

NORMALISATION: Normalisation = "loose"
_AT_ONCE = 64
_ENOUGH = 400  # lines, for one number


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of ground truth, its text normalised; what a model read there, and what is right.

    The words' and glyphs' confidences are as they were read, `network` is what the network doubted
    where a language model took part.
    """

    line: TextLine
    read: Line
    verdicts: Verdicts
    network: Doubt | None = None

    @property
    def page(self) -> tuple[str, str]:
        """The line's collection and page."""
        return self.line.collection, self.line.page

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
class Readings:
    """Lines read at a temperature, and as they are without."""

    read: Sequence[ReadLine]
    plain: Sequence[ReadLine]
    temperature: float


def readings(
    spec: EngineSpec,
    lines: Sequence[TextLine],
    heat: float | None = None,
    observe: Observer = lambda _n: None,
) -> Readings:
    """Return what an engine reads on lines, at a temperature, by default the best for them.

    With a language model, whose weights suit the network as it is, there is no other than 1.
    """
    reader = line_reader(spec, UNCALIBRATED)
    if spec.language is not None:
        read = []
        for part in _parts(lines):
            found = reader.read_strips([line.strip() for line in part])
            read += [_assembled(line, one) for line, one in zip(part, found, strict=True)]
            observe(len(part))
        return Readings(read, read, 1.0)
    peaks = list(_peaks(reader, lines, observe))
    some = slice(None, None, max(1, len(lines) // _ENOUGH))
    if heat is None:
        heat = temperature(
            lambda value: [
                glyph
                for one in _read(lines[some], peaks[some], reader.codec, value)
                for glyph in one.judged(UNCALIBRATED).glyphs
            ]
        )
    plain = _read(lines, peaks, reader.codec, 1.0)
    return Readings(_read(lines, peaks, reader.codec, heat), plain, heat)


def network_doubt(read: Iterable[ReadLine]) -> Doubt | None:
    """Return what the network doubted on lines; None where nothing but it had a say."""
    known = [one.network for one in read if one.network is not None]
    return sum(known, Doubt()) if known else None


def edits(read: Iterable[ReadLine]) -> int:
    """Return how many characters of lines have to be changed, added or removed."""
    return sum(
        Levenshtein.distance(one.line.text, normalise(one.read.text, NORMALISATION)) for one in read
    )


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
    truth = line.with_text(normalise(line.text, NORMALISATION))
    found = verdicts(truth.text, read.words, NORMALISATION)
    return ReadLine(truth, read, found, reading.network)
