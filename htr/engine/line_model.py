"""A recogniser for lines that are cut out already: what it reads, in which letters and how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from kraken.configs import RecognitionInferenceConfig
from kraken.lib.bidi import get_display_map
from kraken.tasks import RecognitionTaskModel
from PIL import Image

from htr.document.text import direction
from htr.engine.kraken import _device, _load
from htr.engine.reading import LineReader
from htr.engine.strips import PADDING
from htr.i18n import _

if TYPE_CHECKING:
    from htr.engine.models import ModelFile

_PROBE = 1024  # pixels


class LineModel:
    """A recognition model of kraken, loaded to read strips."""

    def __init__(self, file: ModelFile, device: str = "cpu") -> None:
        """Load a model; raises BrokenModel and DeviceError."""
        accelerator, devices = _device(device)
        model = _load(file, RecognitionTaskModel, _("a recogniser of text")).net
        model.prepare_for_inference(
            RecognitionInferenceConfig(
                accelerator=accelerator, device=devices, padding=PADDING, num_line_workers=0
            )
        )
        self._reader = LineReader(model, lambda _image, lines: [None] * len(lines))
        self._height = max(1, int(model.input[2]))
        self.alphabet = frozenset("".join(model.codec.c2l))
        self._stride = self._measured()

    def read(self, strips: Sequence[Image.Image]) -> list[str]:
        """Return what stands on each strip, in logical order; nothing for a blank one."""
        texts = ["".join(one.characters) for one in self._reader.read_strips(strips)]
        return [get_display_map(text)[0] if direction(text) == "rtl" else text for text in texts]

    def steps(self, strip: Image.Image) -> int:
        """Return how many time steps the network has for a strip, each for one letter at most."""
        width = int(strip.width * self._height / strip.height)
        return int((width + 2 * PADDING) / self._stride)

    def _measured(self) -> float:
        """Return how many columns of a line make one time step, by reading noise."""
        noise = np.random.default_rng(0).integers(0, 255, (self._height, _PROBE), np.uint8)
        steps = len(self._reader.logits([Image.fromarray(noise)])[0])
        return (_PROBE + 2 * PADDING) / max(1, steps)
