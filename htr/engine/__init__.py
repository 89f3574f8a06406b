"""Segmenters and recognisers behind one protocol; `load` gives those that a spec names."""

import functools
from dataclasses import dataclass
from typing import Literal, TypeAlias

from htr.engine.calibration import UNCALIBRATED, Calibration
from htr.engine.models import DEFAULT_WEIGHTS, LanguageWeights, ModelFile
from htr.engine.protocol import Engine, Glyphs, LineReading, Recogniser, Segmenter

__all__ = [
    "Engine",
    "EngineSpec",
    "Glyphs",
    "LanguageSpec",
    "LineReading",
    "ModelFile",
    "Recogniser",
    "Segmenter",
    "load",
]

TextDirection: TypeAlias = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class LanguageSpec:
    """What texts are weighed by besides the network's output, and what is wanted of it.

    `model` is a language model, which counts as `weights` say, `lexicon` a list of names, and
    `alternatives` how many other readings of each word are kept.
    """

    model: ModelFile | None = None
    weights: LanguageWeights = DEFAULT_WEIGHTS
    lexicon: ModelFile | None = None
    alternatives: int = 0


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """What a worker needs to load its engine: small, hashable and picklable.

    `device` is `cpu`, `cuda:N` or `mps`; `direction` is the page's principal text direction;
    `threads` is how many processors to use, None for all; `exact_layout` asks for kraken's own
    steps after the segmentation network in place of ours. Without `language` the network's best
    label is taken at each place.
    """

    recogniser: ModelFile
    segmenter: ModelFile
    device: str = "cpu"
    direction: TextDirection = "ltr"
    threads: int | None = None
    exact_layout: bool = False
    kind: Literal["kraken", "fake"] = "kraken"
    language: LanguageSpec | None = None

    @property
    def calibration(self) -> Calibration:
        """What the confidences of readings by this engine are worth."""
        known = self.recogniser.calibration or UNCALIBRATED
        return known if self.language is None else known.with_language or UNCALIBRATED


@functools.lru_cache(maxsize=1)
def load(spec: EngineSpec) -> Engine:
    """Return the engine of a spec, loaded once a process.

    Raises BrokenModel where a file cannot be loaded or does another job, and DeviceError where
    the device is not there.
    """
    if spec.kind == "fake":
        from htr.engine.fake import FakeEngine

        return FakeEngine()
    from htr.engine.kraken import KrakenEngine

    return KrakenEngine(spec)
