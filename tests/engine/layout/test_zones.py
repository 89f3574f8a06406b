"""Regions and the lines in them."""

import numpy as np

from htr.engine.layout.zones import owners, zones

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


def test_a_warm_rectangle_is_a_region_in_pixels_of_the_page() -> None:
    heat = np.zeros((30, 50), np.float32)
    heat[5:15, 10:40] = 0.9
    (ring,) = zones(heat, (120, 200))
    assert ring.min(axis=0).tolist() == [40, 20]
    assert ring.max(axis=0).tolist() == [159, 59]


def test_a_region_within_a_hole_of_another_is_part_of_it() -> None:
    heat = np.zeros((30, 50), np.float32)
    heat[2:28, 2:48] = 0.9
    heat[5:25, 5:45] = 0.1
    heat[10:20, 10:40] = 0.9
    assert len(zones(heat, (120, 200))) == 1


def test_specks_are_no_regions() -> None:
    heat = np.zeros((30, 50), np.float32)
    heat[3, 3] = 0.9
    assert zones(heat, (30, 50)) == []


def test_regions_of_two_kinds_of_shape_keep_apart() -> None:
    heat = np.zeros((30, 50), np.float32)
    heat[2:10, 2:20] = heat[15:28, 25:48] = 0.9
    assert len(zones(heat, (120, 200))) == 2


def test_a_line_is_in_the_first_region_that_holds_its_middle() -> None:
    lines = [[(1, 5), (20, 5)], [(2, 2), (6, 4)], [(30, 30), (40, 30)]]
    second = [(-5, -5), (30, -5), (30, 20), (-5, 20)]
    assert owners(lines, [SQUARE, second]) == [1, 0, None]


def test_no_lines_and_no_regions() -> None:
    assert owners([], [SQUARE]) == []
    assert owners([[(0, 0), (1, 1)]], []) == [None]
