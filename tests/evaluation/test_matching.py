from dataclasses import replace

from evaluation_pages import column, line, page, placeless
from hypothesis import given
from hypothesis import strategies as st

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Line, Page
from htr.evaluation.matching import match_lines


def matched(truth: Page, prediction: Page) -> list[tuple[str | None, str | None]]:
    return [
        (wanted.text if wanted else None, found.text if found else None)
        for wanted, found in match_lines(truth, prediction)
    ]


def test_lines_of_one_id_match_without_any_place() -> None:
    truth = page(placeless("a", "one"), placeless("b", "two"))
    prediction = page(placeless("b", "TWO"), placeless("a", "ONE"))
    assert matched(truth, prediction) == [("one", "ONE"), ("two", "TWO")]


def test_an_id_matches_where_only_one_line_has_a_place() -> None:
    assert matched(page(line("a", "one", 100)), page(placeless("a", "ONE"))) == [("one", "ONE")]


def test_an_id_that_is_there_twice_says_nothing() -> None:
    truth = page(placeless("a", "one"), placeless("a", "two"))
    assert matched(truth, page(placeless("a", "ONE"))) == [
        ("one", None),
        ("two", None),
        (None, "ONE"),
    ]


def test_empty_ids_do_not_match() -> None:
    assert matched(page(placeless("", "one")), page(placeless("", "ONE"))) == [
        ("one", None),
        (None, "ONE"),
    ]


def test_an_id_goes_before_a_better_overlap() -> None:
    truth = page(line("a", "one", 100))
    prediction = page(line("b", "beside", 100), line("a", "ONE", 112))
    assert matched(truth, prediction) == [("one", "ONE"), (None, "beside")]


def test_ids_that_coincide_by_chance_give_way_to_the_place() -> None:
    truth = page(*column("one", "two", "three", prefix="line-"))
    one, two, three = column("ONE", "TWO", "THREE")
    prediction = page(
        replace(three, id="line-0"), replace(one, id="line-1"), replace(two, id="line-2")
    )
    assert matched(truth, prediction) == [("one", "ONE"), ("two", "TWO"), ("three", "THREE")]


def test_lines_of_other_ids_match_by_place_in_any_order() -> None:
    truth = page(*column("one", "two", "three"))
    prediction = page(*reversed(column("ONE", "TWO", "THREE", prefix="x", shift=7)))
    assert matched(truth, prediction) == [("one", "ONE"), ("two", "TWO"), ("three", "THREE")]


def test_a_missed_line_is_not_matched_with_its_neighbour() -> None:
    truth = page(*column("one", "two", "three"))
    one, _two, three = column("ONE", "TWO", "THREE", prefix="x")
    assert matched(truth, page(one, three)) == [("one", "ONE"), ("two", None), ("three", "THREE")]


def test_columns_side_by_side_are_kept_apart() -> None:
    truth = page(line("a", "left", 100, 100, 450), line("b", "right", 100, 550, 900))
    prediction = page(line("x", "RIGHT", 105, 540, 910), line("y", "LEFT", 95, 90, 460))
    assert matched(truth, prediction) == [("left", "LEFT"), ("right", "RIGHT")]


def test_of_a_line_cut_in_two_the_longer_piece_matches() -> None:
    truth = page(line("a", "one long line", 100, 100, 900))
    prediction = page(line("x", "one", 100, 100, 400), line("y", "long line", 100, 420, 900))
    assert matched(truth, prediction) == [("one long line", "long line"), (None, "one")]


def test_a_short_line_is_not_taken_for_a_line_all_over_the_page() -> None:
    truth = page(line("a", "12", 100, 100, 200))
    prediction = page(line("x", "12 whole row", 100, 100, 900))
    assert matched(truth, prediction) == [("12", None), (None, "12 whole row")]


def test_pages_of_another_scale_match() -> None:
    truth = page(*column("one", "two"))
    small = [
        Line(f"x{at}", Baseline(((50, y), (450, y))), words=line("", text, 0).words)
        for at, (text, y) in enumerate([("ONE", 50), ("TWO", 75)])
    ]
    assert matched(truth, page(*small, size=500)) == [("one", "ONE"), ("two", "TWO")]


def test_lines_without_outlines_match_by_their_baselines() -> None:
    truth = page(line("a", "one", 100, outline=False), line("b", "two", 150, outline=False))
    prediction = page(line("x", "TWO", 145, outline=False), line("y", "ONE", 95, outline=False))
    assert matched(truth, prediction) == [("one", "ONE"), ("two", "TWO")]


def test_without_outlines_too_a_neighbour_is_no_match() -> None:
    truth, neighbour = line("a", "one", 100, outline=False), line("x", "TWO", 150, outline=False)
    assert matched(page(truth), page(neighbour)) == [("one", None), (None, "TWO")]


def test_a_line_without_baseline_matches_by_the_middle_of_its_outline() -> None:
    truth = page(*(replace(one, baseline=None) for one in column("one", "two")))
    prediction = page(*reversed(column("ONE", "TWO", prefix="x", shift=5)))
    assert matched(truth, prediction) == [("one", "ONE"), ("two", "TWO")]


def test_lines_that_run_down_the_page_match() -> None:
    def down(name: str, text: str, x: float) -> Line:
        corners = ((x - 20, 100), (x + 20, 100), (x + 20, 900), (x - 20, 900))
        baseline = Baseline(((x, 100), (x, 900)))
        return Line(name, baseline, Polygon(corners), line("", text, 0).words, direction="ttb")

    truth = page(down("a", "one", 100), down("b", "two", 150))
    prediction = page(down("x", "TWO", 155), down("y", "ONE", 105))
    assert matched(truth, prediction) == [("one", "ONE"), ("two", "TWO")]


def test_a_curved_line_matches_its_like() -> None:
    bow = Baseline(((100, 100), (500, 160), (900, 100)))
    level = Baseline(((100, 120), (900, 120)))
    thin = Polygon(((100, 80), (500, 140), (900, 80), (900, 110), (500, 170), (100, 110)))
    truth = page(Line("a", bow, thin, line("", "bow", 0).words))
    prediction = page(
        Line("x", level, words=line("", "LEVEL", 0).words),
        Line("y", bow, words=line("", "BOW", 0).words),
    )
    assert matched(truth, prediction) == [("bow", "BOW"), (None, "LEVEL")]


def test_a_baseline_without_length_matches_nothing() -> None:
    dot = Line("x", Baseline(((100, 100), (100, 100))), words=line("", "DOT", 0).words)
    assert matched(page(replace(dot, id="a")), page(dot)) == [("DOT", None), (None, "DOT")]


places = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 400), st.integers(1, 500)), max_size=6
)


@given(places, places)
def test_each_line_is_there_once_and_the_truth_keeps_its_order(
    first: list[tuple[int, int, int]], second: list[tuple[int, int, int]]
) -> None:
    truth, prediction = (
        page(
            *(
                line(f"{prefix}{at}", f"{prefix}{at}", y, left, left + length)
                for at, (y, left, length) in enumerate(places)
            )
        )
        for prefix, places in (("t", first), ("p", second))
    )
    pairs = match_lines(truth, prediction)
    assert [wanted for wanted, _ in pairs if wanted] == list(truth.lines)
    found = [one for _, one in pairs if one]
    assert sorted(one.id for one in found) == sorted(one.id for one in prediction.lines)
    assert match_lines(truth, truth) == tuple((one, one) for one in truth.lines)
