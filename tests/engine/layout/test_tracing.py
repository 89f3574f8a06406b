"""Baselines from heatmaps, against kraken's own and by hand."""

import numpy as np
import pytest
import shapely
from kraken.lib.segmentation import vectorize_lines

from htr.engine.layout.ridges import cells_of
from htr.engine.layout.tracing import baselines

CELLS, SHAPE = (60, 90), (240, 358)


def page(*lines: tuple[int, int, int], tilt: float = 0.0) -> np.ndarray:
    """Return heat along lines, each (row, first column, last column) of cells."""
    y, x = np.mgrid[: CELLS[0], : CELLS[1]]
    heat = np.zeros(CELLS)
    for row, first, last in lines:
        middle = row + tilt * (x - first)
        heat += np.exp(-(((y - middle) / 0.9) ** 2)) * ((x >= first) & (x <= last))
    return np.clip(heat, 0, 0.98).astype(np.float32)


def blank() -> np.ndarray:
    return np.zeros(CELLS, np.float32)


def enlarged(*maps: np.ndarray) -> np.ndarray:
    places = np.ix_(*(cells_of(p, c) for p, c in zip(SHAPE, CELLS, strict=True)))
    return np.stack([heat[places] for heat in maps])


@pytest.mark.parametrize("tilt", [0.0, 0.07, -0.04])
def test_baselines_are_krakens(tilt: float) -> None:
    heat = page((15, 8, 80), (30, 12, 40), (30, 55, 85), (45, 20, 70), tilt=tilt)
    theirs = vectorize_lines(enlarged(blank(), blank(), heat))
    ours = baselines(heat, blank(), blank(), SHAPE)
    assert len(ours) == len(theirs) >= 4
    for line in theirs:
        near = min(shapely.LineString(line).hausdorff_distance(shapely.LineString(o)) for o in ours)
        assert near <= 3


def test_a_fork_gives_a_line_for_each_two_of_its_ends() -> None:
    heat = page((30, 5, 45))
    fork = np.maximum(page((30, 45, 85), tilt=0.3), page((30, 45, 85), tilt=-0.3))
    both = np.maximum(heat, fork)
    theirs = vectorize_lines(enlarged(blank(), blank(), both))
    assert len(baselines(both, blank(), blank(), SHAPE)) == len(theirs) > 1


def test_lines_run_from_left_to_right_and_reach_the_ends_of_their_heat() -> None:
    (line,) = baselines(page((30, 10, 80)), blank(), blank(), SHAPE)
    assert line[0][0] == pytest.approx(40, abs=8)
    assert line[-1][0] == pytest.approx(320, abs=8)
    assert line[:, 1].tolist() == pytest.approx([122] * len(line), abs=3)


def test_separators_turn_a_line_round() -> None:
    starts, ends = blank(), blank()
    starts[28:33, 78:84] = ends[28:33, 6:12] = 0.9
    (line,) = baselines(page((30, 10, 80)), starts, ends, SHAPE)
    assert line[0][0] > line[-1][0]


def test_lines_come_from_the_foot_upwards() -> None:
    lines = baselines(page((45, 10, 80), (15, 10, 80), (30, 10, 80)), blank(), blank(), SHAPE)
    heights = [line[0][1] for line in lines]
    assert heights == sorted(heights, reverse=True)


def test_a_blank_page_has_no_baselines() -> None:
    assert baselines(blank(), blank(), blank(), SHAPE) == []


def test_a_page_of_noise_ends_soon() -> None:
    random = np.random.default_rng(5)
    noise = (random.random((200, 200)) > 0.6).astype(np.float32)
    found = baselines(noise, np.zeros_like(noise), np.zeros_like(noise), (800, 800))
    assert len(found) < 600


def test_a_page_may_have_more_lines_than_kraken_finds() -> None:
    cells = (600, 120)
    heat = np.zeros(cells, np.float32)
    for row in range(4, 596, 8):
        for column in range(3, 117, 30):
            heat[row : row + 2, column : column + 24] = 0.95
    found = baselines(heat, np.zeros_like(heat), np.zeros_like(heat), (2400, 480))
    assert len(found) == 74 * 4
