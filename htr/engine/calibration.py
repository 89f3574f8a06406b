"""What a model's confidences are worth, learned from held-out lines and applied when it reads.

A network says too often that it is sure. Its logits are divided by a temperature before the
softmax (Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2), and a
glyph's confidence p becomes 1 / (1 + exp(-(slope * log(p / (1 - p)) + offset))) (Platt 1999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_LEAST = 1e-6  # keeps the log-odds finite where a network says 0 or 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a network's confidences become the shares of what it reads right.

    `with_language` is for readings that a language model took part in, where that was fitted.
    """

    temperature: float = 1.0
    slope: float = 1.0
    offset: float = 0.0
    with_language: Calibration | None = None

    def glyphs(self, confidences: Floats) -> Floats:
        """Return glyphs' calibrated confidences, from the network's at our temperature."""
        if (self.slope, self.offset) == (1.0, 0.0):
            return confidences
        known = np.clip(confidences.astype(np.float64), _LEAST, 1 - _LEAST)
        odds = self.slope * np.log(known / (1 - known)) + self.offset
        return (1 / (1 + np.exp(-odds))).astype(np.float32)


UNCALIBRATED = Calibration()
