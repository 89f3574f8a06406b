"""What a model's confidences are worth, learned from held-out lines and applied when it reads.

A network says too often that it is sure. Its logits are divided by a temperature before the
softmax (Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2), and a
glyph's confidence p becomes 1 / (1 + exp(-(slope * log(p / (1 - p)) + offset))) (Platt 1999).
Rules for words and for pages go with it; `htr calibrate` fits them all and stores them beside the
model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from htr.document.confidence import WordRule
from htr.document.page_error import PageRule

Floats: TypeAlias = npt.NDArray[np.float32]

_LEAST = 1e-6  # keeps the log-odds finite where a network says 0 or 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a network's confidences become the shares of what it reads right.

    `words` and `pages` are the rules for words and for the CER of pages, where they were fitted;
    `lines` says on how many lines, `date` when (ISO 8601). `with_language` is for readings that a
    language model took part in.
    """

    temperature: float = 1.0
    slope: float = 1.0
    offset: float = 0.0
    lines: int = 0
    date: str = ""
    words: WordRule | None = None
    pages: PageRule | None = None
    with_language: Calibration | None = None

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Calibration:
        """Return the calibration in a table of TOML; raises TypeError for one of another kind."""
        values = dict(table)
        if "words" in values:
            values["words"] = WordRule(**values["words"])
        if "pages" in values:
            values["pages"] = PageRule(**values["pages"])
        if "with_language" in values:
            values["with_language"] = cls.from_table(values["with_language"])
        return cls(**values)

    def as_table(self) -> dict[str, Any]:
        """Return the values as a table of TOML has them, what is unknown left out."""
        return _known(asdict(self))

    def summary(self) -> str:
        """Return what a page's file says of it; other values have another text."""
        own = repr(replace(self, with_language=None))
        digest = hashlib.sha256(own.encode()).hexdigest()[:8]
        fitted = f"fitted on {self.lines} lines on {self.date}"
        return ", ".join((f"temperature {self.temperature:g}", fitted, digest))

    def glyphs(self, confidences: Floats) -> Floats:
        """Return glyphs' calibrated confidences, from the network's at our temperature."""
        if (self.slope, self.offset) == (1.0, 0.0):
            return confidences
        known = np.clip(confidences.astype(np.float64), _LEAST, 1 - _LEAST)
        odds = self.slope * np.log(known / (1 - known)) + self.offset
        return (1 / (1 + np.exp(-odds))).astype(np.float32)


def _known(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _known(value) if isinstance(value, dict) else value
        for name, value in table.items()
        if value is not None
    }


UNCALIBRATED = Calibration()
