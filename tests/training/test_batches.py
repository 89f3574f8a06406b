"""Batches hold every line once, at one width each, wide enough for its text."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from drawn_lines import HEIGHTS, some

from htr.training import network
from htr.training.batches import Batch, Sample, batches, sample

HEIGHT = 16
pytestmark = pytest.mark.usefixtures("one_thread")

SPEC = "[1,16,0,1 Cr4,4,8,4,4 S1(1x0)1,3 Lbx8]"


def samples(number: int = 50) -> list[Sample]:
    model = network.from_spec(SPEC, HEIGHTS)
    stride = network.stride(model)
    return [sample(line, model.codec, stride) for line in some(number)]


def made(
    seed: int, pixels: int = 600, *, threads: int = 1, short_first: bool = False
) -> list[Batch]:
    rng = np.random.default_rng(seed)
    return list(batches(samples(), HEIGHT, pixels, rng, threads=threads, short_first=short_first))


def test_every_line_comes_once() -> None:
    found = [labels for batch in made(1) for labels in batch.labels]
    assert sorted(found) == sorted(one.labels for one in samples())


def test_a_batch_has_one_width_and_room_for_its_texts() -> None:
    widths = set()
    for batch in made(2):
        count, channels, height, width = batch.images.shape
        assert (count, channels, height) == (len(batch.labels), 1, HEIGHT)
        assert width // 4 >= max(len(labels) for labels in batch.labels)
        assert batch.images.min() >= 0
        assert batch.images.max() <= 1
        widths.add(width)
    assert len(widths) <= 4


def test_wider_batches_are_fewer() -> None:
    assert len(made(3, 300)) > len(made(3, 1200))


def test_the_same_seed_makes_the_same_batches_whatever_the_threads() -> None:
    one, same, other = made(4), made(4, threads=3), made(5)
    assert all(
        torch.equal(a.images, b.images) and a.labels == b.labels
        for a, b in zip(one, same, strict=True)
    )
    assert any(a.labels != b.labels for a, b in zip(one, other, strict=False))


def test_short_lines_come_first_where_asked() -> None:
    widths = [batch.images.shape[3] for batch in made(6, short_first=True)]
    assert widths == sorted(widths)
    assert [batch.images.shape[3] for batch in made(6)] != widths
