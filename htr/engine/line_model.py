"""A recogniser for lines that are cut out already: what it reads, in which letters and how many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from kraken.lib.bidi import get_display_map
from PIL import Image

from htr.document.text import direction
from htr.engine import EngineSpec
from htr.engine.calibration import UNCALIBRATED
from htr.engine.kraken import line_reader

_HEIGHT = 64  # pixels of the strips that are measured
_SHORT, _LONG = 8, 24  # their lengths, in heights


class LineModel:
    """A recognition model of kraken, loaded to read strips."""

    def __init__(self, spec: EngineSpec) -> None:
        """Load the recogniser of a spec; raises BrokenModel and DeviceError."""
        self._reader = line_reader(spec, UNCALIBRATED)
        self.alphabet = frozenset("".join(self._reader.codec.c2l))
        short, long = (len(steps) for steps in self._reader.logits([_noise(_SHORT), _noise(_LONG)]))
        self._per_height = (long - short) / (_LONG - _SHORT)
        self._ends = short - _SHORT * self._per_height

    def read(self, strips: Sequence[Image.Image]) -> list[str]:
        """Return what stands on each strip, in logical order; nothing for a blank one."""
        texts = ["".join(one.characters) for one in self._reader.read_strips(strips)]
        return [get_display_map(text)[0] if direction(text) == "rtl" else text for text in texts]

    def steps(self, strip: Image.Image) -> int:
        """Return how many time steps the network has for a strip, each for one letter at most.

        They grow evenly with a strip's length, as was measured when the model was loaded.
        """
        return int(self._ends + self._per_height * strip.width / strip.height)


def _noise(heights: int) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 255, (_HEIGHT, heights * _HEIGHT), np.uint8)
    return Image.fromarray(pixels)
