"""Layouts against the truth: which lines and regions agree, by kind, and how that is counted."""

from random import Random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Line, Region
from htr.evaluation.layout import (
    Counts,
    LayoutScores,
    compared,
    distance,
    likeness,
    lines,
    matches,
    tau,
)

HEIGHT = 1000


def line(y: float, kind: str | None = None, left: float = 100, right: float = 900) -> Line:
    return Line(f"l{y}", Baseline(((left, y), (right, y))), kind=kind)


def region(*some: Line, kind: str | None = "MainZone", box: tuple[int, ...] = ()) -> Region:
    outline = None
    if box:
        left, top, right, bottom = box
        outline = Polygon(((left, top), (right, top), (right, bottom), (left, bottom)))
    return Region("r", kind, outline, some)


heights = st.lists(st.integers(0, 40).map(lambda n: 20.0 * n + 10), max_size=12, unique=True)


@given(heights)
def test_a_layout_agrees_with_itself(found: list[float]) -> None:
    page = [region(*map(line, found), box=(0, 0, 950, 950))]
    scores = compared(page, page, HEIGHT)
    assert scores.lines == Counts(len(found), len(found), len(found))
    assert scores.regions == Counts(1, 1, 1)
    assert scores.region_kinds == {"MainZone": Counts(1, 1, 1)}


@given(heights, st.randoms(use_true_random=False))
def test_lines_that_are_missing_cost_recall_alone(true: list[float], chance: Random) -> None:
    found = [y for y in true if chance.random() < 0.5]
    scores = compared([region(*map(line, found))], [region(*map(line, true))], HEIGHT)
    assert scores.lines == Counts(len(found), len(true), len(found))


def test_lines_agree_within_a_third_of_their_distance() -> None:
    truth = [region(line(100), line(160), line(220))]
    near = compared([region(line(119), line(160), line(220))], truth, HEIGHT)
    far = compared([region(line(121), line(160), line(220))], truth, HEIGHT)
    assert near.lines == Counts(3, 3, 3)
    assert far.lines == Counts(3, 3, 2)


def test_half_a_line_is_none() -> None:
    truth = [region(line(100), line(160))]
    found = [region(line(100, right=480), line(160, right=520))]
    assert compared(found, truth, HEIGHT).lines == Counts(2, 2, 1)


def test_kinds_count_apart() -> None:
    truth = [region(line(100, "HeadingLine"), line(160), line(220, "DefaultLine"))]
    found = [region(line(100), line(160), line(220))]
    scores = compared(found, truth, HEIGHT)
    assert scores.lines == Counts(3, 3, 3)
    assert scores.line_kinds == {"DefaultLine": Counts(3, 2, 2), "HeadingLine": Counts(0, 1, 0)}


def test_regions_need_half_of_their_area_and_a_polygon() -> None:
    truth = [region(box=(0, 0, 100, 100)), region(kind="TableZone", box=(200, 0, 300, 100))]
    found = [
        region(box=(0, 0, 100, 60)),
        region(kind="MainZone", box=(200, 0, 300, 100)),
        region(kind="MainZone"),
    ]
    scores = compared(found, truth, HEIGHT)
    assert scores.regions == Counts(2, 2, 2)
    assert scores.region_kinds == {"MainZone": Counts(2, 1, 1), "TableZone": Counts(0, 1, 0)}


def test_scores_add_up_by_kind() -> None:
    one = compared([region(line(10))], [region(line(10, "HeadingLine"))], HEIGHT)
    two = compared([region(line(10))], [region(line(10), line(60))], HEIGHT)
    assert one + LayoutScores() == one
    assert (one + two).lines == Counts(2, 3, 2)
    assert (one + two).line_kinds == {
        "DefaultLine": Counts(2, 2, 1),
        "HeadingLine": Counts(0, 1, 0),
    }


def test_shares_of_nothing_are_unknown() -> None:
    assert Counts().precision is None
    assert Counts().recall is None
    assert Counts().f1 is None
    assert Counts(4, 2, 2).precision == 0.5
    assert Counts(4, 2, 2).recall == 1
    assert Counts(4, 2, 2).f1 == pytest.approx(2 / 3)


def test_each_shape_is_matched_once() -> None:
    square = shapely.box(0, 0, 10, 10)
    assert matches([square, square], [square]) == [(0, 0, 1.0)]
    assert matches([], [square]) == []


def test_likeness_counts_lines_and_their_order() -> None:
    ends = [((0, y), (100, y)) for y in (10, 30, 50)]
    truth = [shapely.LineString(one) for one in ends]
    found = lines([ends[2], ends[0], ((0, 90), (100, 90))], [])
    agreed = likeness(found, truth, 100)
    assert agreed.precision == pytest.approx(2 / 3)
    assert agreed.recall == pytest.approx(2 / 3)
    assert agreed.tau == -1
    assert distance(truth, 100) == 20
    assert distance(truth[:1], 100) == 2
    assert tau([1]) is None
