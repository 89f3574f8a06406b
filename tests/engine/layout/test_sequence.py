"""The reading order, against kraken's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kraken.containers import BaselineLine, Region
from kraken.lib.segmentation import polygonal_reading_order

from htr.engine.layout.sequence import reading_order
from htr.engine.layout.zones import owners

POINT = st.tuples(st.integers(0, 40), st.integers(0, 40))
LINE = st.tuples(POINT, st.integers(1, 20), st.integers(-3, 3)).map(
    lambda line: [line[0], (line[0][0] + line[1], max(0, line[0][1] + line[2]))]
)
REGION = st.tuples(POINT, st.integers(5, 30), st.integers(5, 30)).map(
    lambda box: [
        box[0],
        (box[0][0] + box[1], box[0][1]),
        (box[0][0] + box[1], box[0][1] + box[2]),
        (box[0][0], box[0][1] + box[2]),
    ]
)


def boxes(shapes: list[list[tuple[int, int]]]) -> np.ndarray:
    return np.array(
        [[*np.min(shape, axis=0), *np.max(shape, axis=0)] for shape in shapes], float
    ).reshape(-1, 4)


@given(st.lists(LINE, min_size=1, max_size=12), st.lists(REGION, max_size=3))
def test_the_order_is_krakens(
    lines: list[list[tuple[int, int]]], regions: list[list[tuple[int, int]]]
) -> None:
    theirs = polygonal_reading_order(
        [BaselineLine(id=str(i), baseline=line, boundary=line) for i, line in enumerate(lines)],
        regions=[Region(id=str(i), boundary=region) for i, region in enumerate(regions)],
    )
    ours = reading_order(boxes(lines), boxes(regions), owners(lines, regions))
    assert ours == list(theirs)


def test_no_lines_have_an_order() -> None:
    assert reading_order(np.empty((0, 4)), np.empty((0, 4)), []) == []


@pytest.mark.parametrize(("right_to_left", "order"), [(False, [0, 2, 1, 3]), (True, [1, 3, 0, 2])])
def test_columns_are_read_one_after_the_other(right_to_left: bool, order: list[int]) -> None:
    columns = np.array(
        [[0, 10, 40, 20], [50, 10, 90, 20], [0, 30, 40, 40], [50, 30, 90, 40]], float
    )
    found = reading_order(columns, np.empty((0, 4)), [None] * 4, right_to_left=right_to_left)
    assert found == order


def test_many_lines_below_one_another_do_not_exhaust_the_stack() -> None:
    tall = np.array([[0, 3000 - y, 10, 3001 - y] for y in range(1500)], float)
    assert reading_order(tall, np.empty((0, 4)), [None] * 1500) == list(range(1499, -1, -1))
