"""The ridge filter on the network's grid against scikit-image's at full size."""

import numpy as np
import pytest
from skimage.filters import sato

from htr.engine.layout.ridges import cells_of, ridges

THRESHOLD = 0.17


def heat(rows: int, columns: int, seed: int) -> np.ndarray:
    """Return wavy lines of heat on a faint noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns]
    wave = np.sin(x / 9) * 2 + y
    lines = np.exp(-(((wave % 11) - 5) ** 2)) * (x > columns * random.random() / 2)
    return np.asarray(0.95 * lines + 0.05 * random.random((rows, columns)), np.float32)


@pytest.mark.parametrize(
    ("cells", "shape"), [((40, 50), (160, 200)), ((37, 61), (145, 241)), ((70, 20), (280, 79))]
)
def test_the_mask_is_that_of_the_filter_at_full_size(
    cells: tuple[int, int], shape: tuple[int, int]
) -> None:
    low = heat(*cells, seed=shape[1])
    full = low[np.ix_(*(cells_of(p, c) for p, c in zip(shape, cells, strict=True)))]
    reference = sato(full, black_ridges=False, mode="constant")
    clear = np.abs(reference - THRESHOLD) > 1e-5
    found = ridges(low, shape, THRESHOLD)
    assert 0.05 < found.mean() < 0.6
    assert np.array_equal(found[clear], (reference > THRESHOLD)[clear])


def test_faint_heat_has_no_ridges() -> None:
    assert not ridges(np.full((30, 30), 0.3, np.float32), (120, 120), THRESHOLD).any()


def test_a_blank_page_has_no_ridges() -> None:
    assert not ridges(np.zeros((30, 30), np.float32), (120, 120), THRESHOLD).any()


@pytest.mark.parametrize(("pixels", "cells"), [(1800, 450), (1291, 323), (7, 2), (5, 5)])
def test_pixels_lie_in_the_cells_of_nearest_interpolation(pixels: int, cells: int) -> None:
    import torch

    line = torch.arange(cells, dtype=torch.float32)[None, None]
    expected = torch.nn.functional.interpolate(line, size=pixels)[0, 0].tolist()
    assert cells_of(pixels, cells).tolist() == expected
