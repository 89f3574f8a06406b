"""Greedy decoding of batches against kraken's, which goes step by step."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from kraken.lib.codec import PytorchCodec
from kraken.lib.ctc_decoder import greedy_decoder

from htr.engine.decoding import Decoder, Greedy, runs

SIMPLE = {"a": [1], "b": [2], "d": [4]}  # no label 3
LIGATURE = {"a": [1], "fi": [2], "d": [4]}
MANY = {"a": [1], "b": [2, 3], "d": [4]}


@st.composite
def batches(draw: st.DrawFn) -> tuple[torch.Tensor, list[int]]:
    """Probabilities (N, labels, T) and how many of the T steps each line has."""
    steps = draw(st.integers(1, 12))
    lengths = draw(st.lists(st.integers(1, steps), min_size=1, max_size=4))
    best = draw(
        st.lists(
            st.lists(st.integers(0, 4), min_size=steps, max_size=steps),
            min_size=len(lengths),
            max_size=len(lengths),
        )
    )
    noise = torch.Generator().manual_seed(draw(st.integers(0, 99)))
    logits = torch.rand((len(lengths), 5, steps), generator=noise)
    logits.scatter_add_(1, torch.tensor(best)[:, None], torch.full((len(lengths), 1, steps), 2.0))
    return logits.softmax(1), lengths


@pytest.mark.parametrize("codec", [SIMPLE, LIGATURE, MANY])
@given(batch=batches())
def test_a_batch_reads_as_kraken_reads_it(
    codec: dict[str, list[int]], batch: tuple[torch.Tensor, list[int]]
) -> None:
    probabilities, lengths = batch
    krakens = PytorchCodec(codec)
    expected = [
        krakens.decode(line) for line in greedy_decoder(probabilities, torch.tensor(lengths))
    ]
    best = probabilities.max(1)
    found = runs(best.indices.numpy(), best.values.numpy(), np.array(lengths))
    for line, characters in zip(found, expected, strict=True):
        reading = Decoder(krakens).decode(line)
        assert reading.characters == tuple(character for character, *_ in characters)
        assert reading.starts.tolist() == [start for _c, start, _e, _p in characters]
        assert reading.ends.tolist() == [end for _c, _s, end, _p in characters]
        confidences = [confidence for *_, confidence in characters]
        assert reading.confidences == pytest.approx(np.array(confidences))


@given(batch=batches(), heat=st.floats(0.2, 5))
def test_a_temperature_changes_confidences_alone(
    batch: tuple[torch.Tensor, list[int]], heat: float
) -> None:
    probabilities, lengths = batch
    logits, steps = probabilities.log().permute(2, 0, 1), torch.tensor(lengths)
    cold = Greedy(PytorchCodec(SIMPLE))(logits, steps)
    warm = Greedy(PytorchCodec(SIMPLE), heat)(logits, steps)
    for one, other in zip(cold, warm, strict=True):
        assert one.characters == other.characters
        assert one.starts.tolist() == other.starts.tolist()
        surer, less = (one, other) if heat > 1 else (other, one)
        assert (surer.confidences >= less.confidences - 1e-6).all()
