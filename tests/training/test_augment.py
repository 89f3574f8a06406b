"""Augmented lines: of the size asked for, within grey, still black outside, alike by seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from htr.training.augment import augmented


def line() -> Image.Image:
    image = Image.new("L", (300, 64), 0)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 8, 299, 56), fill=200)
    for left in range(10, 290, 20):
        pen.line((left, 20, left + 8, 50), fill=40, width=3)
    return image


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(8, 400), st.sampled_from([16, 48, 120]))
def test_an_augmented_line_has_the_size_and_range_asked_for(
    seed: int, width: int, height: int
) -> None:
    grey = augmented(line(), (width, height), np.random.default_rng(seed))
    assert grey.shape == (height, width)
    assert grey.dtype == np.float32
    assert grey.min() >= 0
    assert grey.max() <= 255


def test_the_same_seed_changes_a_line_alike_and_another_otherwise() -> None:
    one, same, other = (
        augmented(line(), (200, 48), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_ink_stays_darker_than_paper() -> None:
    for seed in range(20):
        grey = augmented(line(), (300, 64), np.random.default_rng(seed))
        middle = grey[16:48]
        paper = middle[middle > 5]
        assert np.percentile(paper, 5) < np.percentile(paper, 60) - 20
