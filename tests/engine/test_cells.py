"""From places along a strip to quadrilaterals on the page."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.engine.cells import cells, extent, heights, quadrilaterals

BASELINE = np.array([[10.0, 50.0], [60.0, 50.0], [110.0, 50.0]])
POLYGON = np.array([[0.0, 30.0], [120.0, 30.0], [120.0, 60.0], [0.0, 60.0]])


def test_the_strip_reaches_as_far_as_the_polygon() -> None:
    assert extent(BASELINE, POLYGON) == (-10.0, 110.0)


def test_the_polygon_reaches_above_and_below_the_baseline() -> None:
    above, below = heights(BASELINE, POLYGON, np.array([0.0, 75.0]))
    assert above.tolist() == [20, 20]
    assert below.tolist() == [-10, -10]


def test_a_cut_beyond_the_polygon_takes_the_lines_usual_height() -> None:
    above, below = heights(BASELINE, POLYGON, np.array([0.0, 10.0, 200.0]))
    assert (above[2], below[2]) == (20, -10)


def test_a_baseline_outside_its_polygon_still_gives_the_polygons_height() -> None:
    low = BASELINE + np.array([0.0, 20.0])
    above, below = heights(low, POLYGON, np.array([5.0]))
    assert (above[0], below[0]) == (40, 10)


def test_quadrilaterals_fill_the_line_between_borders() -> None:
    first, second = quadrilaterals(BASELINE, POLYGON, np.array([0.0, 25.0, 75.0])).tolist()
    assert first == [[10, 30], [35, 30], [35, 60], [10, 60]]
    assert second == [[35, 30], [85, 30], [85, 60], [35, 60]]


def test_quadrilaterals_follow_a_slanting_line() -> None:
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]])  # by 53.13 degrees
    turned = quadrilaterals(BASELINE @ turn, POLYGON @ turn, np.array([0.0, 75.0]))
    assert turned[0] @ turn.T == pytest.approx(np.array([[10, 30], [85, 30], [85, 60], [10, 60]]))


def test_a_polygon_that_tapers_at_its_ends_gives_letters_their_height() -> None:
    lozenge = np.array([[0.0, 50.0], [60.0, 20.0], [120.0, 50.0], [60.0, 60.0]])
    ((_first, top, _third, bottom),) = quadrilaterals(BASELINE, lozenge, np.array([-10.0, 110.0]))
    assert (top[1], bottom[1]) == (20, 60)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30, unique=True).map(sorted))
def test_cells_hold_their_spikes_and_share_borders(spikes: list[float]) -> None:
    borders = cells(np.array(spikes), 0.0, 100.0)
    assert len(borders) == len(spikes) + 1
    assert (np.diff(borders) >= 0).all()
    assert borders[0] >= 0
    assert borders[-1] <= 100
    for left, spike, right in zip(borders, spikes, borders[1:], strict=False):
        assert left <= spike <= right
