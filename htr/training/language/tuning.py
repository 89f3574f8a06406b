"""How much a language model is to count beside a recogniser: found on held-out lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor

from htr.corpus.text_line import TextLine
from htr.document.text import normalise
from htr.engine import EngineSpec, LanguageSpec
from htr.engine.calibration import UNCALIBRATED
from htr.engine.decoding import BatchDecoder, Greedy
from htr.engine.kraken import line_reader
from htr.engine.language.loading import language_decoder
from htr.engine.models import DEFAULT_WEIGHTS, LanguageWeights, ModelFile

_ENOUGH = 600  # lines, for two numbers
_AT_ONCE = 24
_STEPS = ((0.1, 0.3), (0.05, 0.15))  # of weight and bonus: wide ones first
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Tuned:
    """The weights that read best, and the CER of the lines without and with the model."""

    weights: LanguageWeights
    without: float
    with_model: float
    lines: int


@dataclass(frozen=True, slots=True)
class _Batch:
    """Lines of about one length: the network's output (longest T, N, labels), and the truth."""

    logits: Tensor
    lengths: Tensor
    texts: tuple[str, ...]


def tune(
    spec: EngineSpec,
    model: ModelFile,
    lines: Sequence[TextLine],
    observe: Callable[[LanguageWeights, float], None] = lambda _weights, _cer: None,
) -> Tuned:
    """Return how much a language model should count beside an engine's recogniser.

    Lines must not be among those that either learned from. `observe` sees each trial with its CER.
    """
    some = lines[:: max(1, len(lines) // _ENOUGH)]
    reader = line_reader(replace(spec, language=None), UNCALIBRATED)
    batches = _batches(reader.logits([line.strip() for line in some]), some)

    def cer(weights: LanguageWeights) -> float:
        decode = language_decoder(reader.codec, LanguageSpec(model, weights))
        found = _error_rate(decode, batches)
        observe(weights, found)
        return found

    weights, best = _descended(cer, DEFAULT_WEIGHTS)
    return Tuned(weights, _error_rate(Greedy(reader.codec), batches), best, len(some))


def _descended(
    cer: Callable[[LanguageWeights], float], start: LanguageWeights
) -> tuple[LanguageWeights, float]:
    """Return the weights of the least error: neighbours are tried until none is better."""
    known: dict[LanguageWeights, float] = {start: cer(start)}
    here = start
    for wide, long in _STEPS:
        while True:
            near = [_moved(here, *step) for step in ((wide, 0), (-wide, 0), (0, long), (0, -long))]
            for one in near:
                if one.weight > 0 and one not in known:
                    known[one] = cer(one)
            best = min(known, key=lambda weights: known[weights])
            if best == here:
                break
            here = best
    return here, known[here]


def _moved(weights: LanguageWeights, weight: float, bonus: float) -> LanguageWeights:
    return LanguageWeights(
        round(weights.weight + weight, _DIGITS), round(weights.bonus + bonus, _DIGITS)
    )


def _batches(logits: Sequence[Any], lines: Sequence[TextLine]) -> list[_Batch]:
    known = [(one, line.text) for one, line in zip(logits, lines, strict=True) if one.size]
    known.sort(key=lambda pair: -len(pair[0]))
    batches = []
    for start in range(0, len(known), _AT_ONCE):
        part = known[start : start + _AT_ONCE]
        outputs = [torch.from_numpy(one) for one, _text in part]
        batches.append(
            _Batch(
                torch.nn.utils.rnn.pad_sequence(outputs),
                torch.tensor([len(one) for one in outputs]),
                tuple(normalise(text, "loose") for _one, text in part),
            )
        )
    return batches


def _error_rate(decode: BatchDecoder, batches: Sequence[_Batch]) -> float:
    """Return the CER of lines, their texts normalised as `loose` says; blank lines do not count."""
    errors = length = 0
    for batch in batches:
        for reading, text in zip(decode(batch.logits, batch.lengths), batch.texts, strict=True):
            read = normalise("".join(reading.characters), "loose")
            errors += Levenshtein.distance(read, text)
            length += len(text)
    return errors / max(1, length)
