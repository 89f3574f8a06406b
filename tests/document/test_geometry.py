"""Boxes and baselines."""

from hypothesis import given
from hypothesis import strategies as st

from htr.document.geometry import Baseline, Box, Point, Polygon
from htr.document.page import Line

POINTS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=20)


@given(POINTS)
def test_the_box_around_points_holds_them_tightly(points: list[Point]) -> None:
    box = Box.around(points)
    assert all(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in points)
    assert {box.left, box.right} <= {x for x, _y in points}
    assert {box.top, box.bottom} <= {y for _x, y in points}


def test_intersections_are_areas() -> None:
    assert Box(0, 0, 10, 10).intersection(Box(5, 5, 20, 6)) == 5
    assert Box(0, 0, 10, 10).intersection(Box(11, 0, 12, 10)) == 0


def test_a_union_of_nothing_is_nothing() -> None:
    assert Box.union([]) is None
    assert Box.union([Box(0, 1, 2, 3), Box(5, 0, 6, 1)]) == Box(0, 0, 6, 3)


def test_a_baseline_is_as_long_as_its_segments() -> None:
    assert Baseline(((0, 0), (3, 4), (3, 14))).length == 15


def test_a_lines_box_holds_polygon_and_baseline() -> None:
    line = Line("l", Baseline(((0, 9), (20, 9))), Polygon(((2, 2), (18, 2), (18, 8))))
    assert line.box == Box(0, 2, 20, 9)
    assert Line("l").box is None
