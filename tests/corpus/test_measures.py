"""Outliers are told from what is merely uneven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.corpus.measures import bad_pages, dense_lines, needed_steps


@pytest.mark.parametrize(
    ("text", "steps"), [("", 0), ("a", 1), ("acte", 4), ("annee", 7), ("aaa", 5), ("...", 5)]
)
def test_equal_letters_in_a_row_need_a_blank_between(text: str, steps: int) -> None:
    assert needed_steps(text) == steps


@given(st.text(max_size=30))
def test_steps_are_the_shortest_ctc_path(text: str) -> None:
    path = "".join(
        ("_" if at and text[at - 1] == character else "") + character
        for at, character in enumerate(text)
    )
    assert needed_steps(text) == len(path)


def usual_lines() -> dict[str, tuple[str, int, float | None]]:
    return {f"l{number}": ("c", 38 + number % 5, 20.0) for number in range(40)}


def test_a_line_with_far_too_much_text_is_found() -> None:
    lines = {**usual_lines(), "dense": ("c", 160, 20.0), "sparse": ("c", 8, 20.0)}
    found = dense_lines(lines)
    assert found == {"dense": pytest.approx(4.0), "sparse": pytest.approx(0.2)}


def test_short_lines_and_lines_without_a_length_are_left_out() -> None:
    lines = {**usual_lines(), "short": ("c", 3, 0.2), "nowhere": ("c", 400, None)}
    assert dense_lines(lines) == {}


def test_an_uneven_collection_finds_fewer() -> None:
    lines: dict[str, tuple[str, int, float | None]] = {
        f"l{number}": ("c", 10 + 8 * (number % 10), 20.0) for number in range(40)
    }
    lines["dense"] = ("c", 160, 20.0)
    assert dense_lines(lines) == {}


def test_a_small_collection_is_measured_by_the_whole() -> None:
    lines = {**usual_lines(), "a": ("d", 160, 20.0), "b": ("d", 160, 20.0)}
    assert set(dense_lines(lines)) == {"a", "b"}


def test_a_page_read_far_worse_than_the_others_is_found() -> None:
    pages = {f"c/p{number}": ("c", 0.10 + 0.01 * number) for number in range(9)}
    assert bad_pages(pages) == {}
    assert bad_pages({**pages, "c/bad": ("c", 0.8)}) == {"c/bad": pytest.approx(0.145)}


def test_a_collection_that_is_hard_as_a_whole_is_not_bad() -> None:
    pages = {f"c/p{number}": ("c", 0.1) for number in range(9)}
    pages |= {f"d/p{number}": ("d", 0.6) for number in range(6)}
    assert bad_pages(pages) == {}


def test_a_page_of_its_own_is_held_against_all() -> None:
    pages = {f"c/p{number}": ("c", 0.1) for number in range(9)}
    assert set(bad_pages({**pages, "d/p": ("d", 0.9)})) == {"d/p"}


def test_a_little_worse_is_not_bad_however_alike_the_others_are() -> None:
    pages = {f"c/p{number}": ("c", 0.1) for number in range(9)}
    assert bad_pages({**pages, "c/worse": ("c", 0.3)}) == {}
