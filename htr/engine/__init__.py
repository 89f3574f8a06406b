"""Segmenters and recognisers behind one protocol; `load` gives those that a spec names."""

import functools
from dataclasses import dataclass
from typing import Literal, TypeAlias

from htr.engine.calibration import UNCALIBRATED, Calibration
from htr.engine.models import ModelFile
from htr.engine.protocol import Engine, Glyphs, Recogniser, Segmenter

__all__ = ["Engine", "EngineSpec", "Glyphs", "ModelFile", "Recogniser", "Segmenter", "load"]

TextDirection: TypeAlias = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """What a worker needs to load its engine: small, hashable and picklable.

    `device` is `cpu`, `cuda:N` or `mps`; `direction` is the page's principal text direction;
    `threads` is how many processors to use, None for all; `exact_layout` asks for kraken's own
    steps after the segmentation network in place of ours.
    """

    recogniser: ModelFile
    segmenter: ModelFile
    device: str = "cpu"
    direction: TextDirection = "ltr"
    threads: int | None = None
    exact_layout: bool = False
    kind: Literal["kraken", "fake"] = "kraken"

    @property
    def calibration(self) -> Calibration:
        """What the confidences of readings by this engine are worth."""
        return self.recogniser.calibration or UNCALIBRATED


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
