"""From places along a strip to quadrilaterals on the page."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.engine.cells import cells, cut, extent

BASELINE = np.array([[10.0, 50.0], [60.0, 50.0], [110.0, 50.0]])
POLYGON = np.array([[0.0, 30.0], [120.0, 30.0], [120.0, 60.0], [0.0, 60.0]])


def test_the_strip_reaches_as_far_as_the_polygon() -> None:
    assert extent(BASELINE, POLYGON) == (-10.0, 110.0)


def test_cuts_leave_the_polygon_above_and_below_square_to_the_baseline() -> None:
    above, below = cut(BASELINE, POLYGON, np.array([0.0, 75.0]))
    assert above.tolist() == [[10, 30], [85, 30]]
    assert below.tolist() == [[10, 60], [85, 60]]


def test_cuts_follow_a_slanting_line() -> None:
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]])  # by 53.13 degrees
    above, below = cut(BASELINE @ turn, POLYGON @ turn, np.array([0.0, 75.0]))
    assert above @ turn.T == pytest.approx(np.array([[10, 30], [85, 30]]))
    assert below @ turn.T == pytest.approx(np.array([[10, 60], [85, 60]]))


def test_a_cut_beyond_the_polygon_takes_the_lines_usual_height() -> None:
    above, below = cut(BASELINE, POLYGON, np.array([0.0, 10.0, 200.0]))
    assert above[2].tolist() == [210, 30]
    assert below[2].tolist() == [210, 60]


def test_a_baseline_outside_its_polygon_still_gives_the_polygons_height() -> None:
    low = BASELINE + np.array([0.0, 20.0])
    above, below = cut(low, POLYGON, np.array([5.0]))
    assert (above[0, 1], below[0, 1]) == (30, 60)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30, unique=True).map(sorted))
def test_cells_hold_their_spikes_and_share_borders(spikes: list[float]) -> None:
    borders = cells(np.array(spikes), 0.0, 100.0)
    assert len(borders) == len(spikes) + 1
    assert (np.diff(borders) >= 0).all()
    assert borders[0] >= 0
    assert borders[-1] <= 100
    for left, spike, right in zip(borders, spikes, borders[1:], strict=False):
        assert left <= spike <= right
