"""A network that is known: it is right as often as it should say, and says so too boldly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from string import ascii_lowercase
from typing import Any

import numpy as np
import numpy.typing as npt
from kraken.lib.codec import PytorchCodec
from PIL import Image

from htr.corpus.text_line import TextLine
from htr.engine.decoding import Greedy, Reading

LETTERS = ascii_lowercase
BOLDNESS = 2.0
_WORDS, _LONG = 5, 4


@dataclass(frozen=True)
class SimulatedReader:
    """Reads lines by the width of their picture, which is their number."""

    outputs: dict[int, npt.NDArray[np.float32]]
    codec: Any

    def logits(self, strips: Sequence[Image.Image]) -> list[npt.NDArray[np.float32]]:
        return [self.outputs[strip.width] for strip in strips]

    def read_strips(self, strips: Sequence[Image.Image]) -> list[Reading]:
        import torch

        return [
            Greedy(self.codec)(torch.from_numpy(one)[:, None], torch.tensor([len(one)]))[0]
            for one in self.logits(strips)
        ]


def simulated(number: int, *, pages: int, seed: int = 0) -> tuple[SimulatedReader, list[TextLine]]:
    """Lines whose letters are drawn from the softmax of what the network would say if honest."""
    chance = np.random.default_rng(seed)
    labels = {" ": [1], **{letter: [at] for at, letter in enumerate(LETTERS, start=2)}}
    outputs, lines = {}, []
    for line in range(1, number + 1):
        steps, text = [], ""
        ease = chance.uniform(1.5, 3.5)
        for word in range(_WORDS):
            for _letter in range(_LONG):
                honest = chance.normal(0, 1, len(LETTERS))
                honest[chance.integers(len(LETTERS))] += 2 * ease
                shares = np.exp(honest) / np.exp(honest).sum()
                text += LETTERS[chance.choice(len(LETTERS), p=shares)]
                steps += [[-30.0, -30.0, *(BOLDNESS * honest)], [30.0] + [0.0] * 27]
            if word < _WORDS - 1:
                text += " "
                steps += [[0.0, 30.0] + [0.0] * 26, [30.0] + [0.0] * 27]
        outputs[line] = np.array(steps, np.float32)
        lines.append(_line(line, text, line % pages))
    return SimulatedReader(outputs, PytorchCodec(labels)), lines


def _line(number: int, text: str, page: int) -> TextLine:
    buffer = BytesIO()
    Image.new("L", (number, 1), 128).save(buffer, "PNG")
    collection = f"c{page % 4}"
    return TextLine(
        buffer.getvalue(),
        text,
        page=f"{collection}/p{page}",
        collection=collection,
        id=f"l{number}",
    )
