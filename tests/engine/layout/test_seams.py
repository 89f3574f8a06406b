"""Seams along lines."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from htr.engine.layout.seams import Side, _cheapest, features, seams

COSTS = arrays(
    np.float32, st.tuples(st.integers(1, 6), st.integers(1, 7)), elements=st.integers(0, 9)
)


def cost(picture: np.ndarray) -> float:
    """Return what the cheapest path from left to right costs, step by step."""
    sums = picture[:, 0].astype(float)
    for column in picture.T[1:]:
        padded = np.pad(sums, 1, constant_values=np.inf)
        sums = column + np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    return float(sums.min())


@given(st.lists(COSTS, min_size=1, max_size=4))
def test_every_path_is_whole_and_the_cheapest(pictures: list[np.ndarray]) -> None:
    for picture, path in zip(pictures, _cheapest(pictures), strict=True):
        assert len(path) == picture.shape[1]
        assert (np.abs(np.diff(path)) <= 1).all()
        assert picture[path, np.arange(len(path))].sum() == cost(picture)


def test_a_seam_keeps_to_the_gap_between_two_lines() -> None:
    ink = np.zeros((100, 300), np.float32)
    ink[20:40] = ink[60:80] = 1
    ink += np.random.default_rng(1).random(ink.shape, np.float32) / 10
    baseline = np.array([[20.0, 70.0], [280.0, 70.0]])
    above = np.array([[20.0, 10.0], [280.0, 10.0]])
    side = Side(baseline, np.concatenate((baseline, above[::-1])), 0.0)
    (seam,) = seams(ink, [side])
    assert ((seam[:, 1] > 40) & (seam[:, 1] < 60)).mean() > 0.9
    assert seam[0, 0] <= 25
    assert seam[-1, 0] >= 275


def test_a_side_off_the_page_has_no_seam() -> None:
    baseline = np.array([[20.0, 5.0], [280.0, 5.0]])
    side = Side(baseline, np.concatenate((baseline - (0, 8), baseline[::-1] - (0, 5))), 0.0)
    assert [len(seam) for seam in seams(np.zeros((100, 300), np.float32), [side])] == [0]


def test_features_are_strong_at_edges_and_nothing_on_plain_paper() -> None:
    grey = np.full((50, 60), 200, np.uint8)
    grey[20:30, 20:40] = 20
    ink = features(grey)
    assert ink[20, 30] > 0.3
    assert ink[5, 5] == 0
