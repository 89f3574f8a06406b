"""Splits leak nothing, are balanced, and say what was done."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.corpus.split import held_out, split
from htr.corpus.text_line import TextLine
from htr.errors import NothingToDo

_names = st.text("abcdé/", min_size=1, max_size=6)
_groups = st.dictionaries(_names, st.integers(0, 5000), min_size=3, max_size=40)
_shares = st.sampled_from(
    [
        {"train": 0.9, "val": 0.1},
        {"train": 0.8, "val": 0.1, "test": 0.1},
        {"train": 0.5, "val": 0.25, "test": 0.25},
    ]
)


def line(
    page: str, text: str = "un acte", *, name: str = "l1", split: str | None = None
) -> TextLine:
    return TextLine(
        b"",
        text,
        page=page,
        collection=page.partition("/")[0],
        document=page.rpartition("/")[0],
        id=name,
        split=split,
    )


@given(_groups, _shares, st.integers(0, 99))
def test_a_split_is_a_partition_without_empty_parts(
    groups: dict[str, int], shares: dict[str, float], seed: int
) -> None:
    parts = split(groups, shares, seed)
    assert list(parts) == list(shares)
    assert all(parts.values())
    assert sorted(name for names in parts.values() for name in names) == sorted(groups)


@given(_groups, _shares, st.integers(0, 99))
def test_a_part_exceeds_its_share_by_less_than_one_group(
    groups: dict[str, int], shares: dict[str, float], seed: int
) -> None:
    parts = split(groups, shares, seed)
    largest, total = max(groups.values()), sum(groups.values())
    for part, names in parts.items():
        assert sum(groups[name] for name in names) <= shares[part] * total + largest + 1e-6


@given(_groups, _shares)
def test_a_split_does_not_depend_on_the_order_of_groups(
    groups: dict[str, int], shares: dict[str, float]
) -> None:
    turned = dict(reversed(groups.items()))
    assert split(turned, shares, 3) == split(groups, shares, 3)


def test_other_seeds_give_other_splits() -> None:
    groups = {f"p{number}": 100 for number in range(30)}
    assert len({split(groups, {"train": 0.9, "val": 0.1}, seed)["val"] for seed in range(9)}) > 1


def test_many_groups_come_very_near_to_the_shares() -> None:
    groups = {f"p{number}": 500 + 37 * (number % 11) for number in range(120)}
    total = sum(groups.values())
    parts = split(groups, {"train": 0.8, "val": 0.1, "test": 0.1}, 1)
    for part, share in (("train", 0.8), ("val", 0.1), ("test", 0.1)):
        assert sum(groups[name] for name in parts[part]) / total == pytest.approx(share, abs=0.01)


def test_one_large_group_is_learned_from_and_small_ones_are_held_out() -> None:
    groups = {"large": 9000, **{f"small{number}": 100 for number in range(10)}}
    parts = split(groups, {"train": 0.9, "val": 0.1}, 0)
    assert "large" in parts["train"]


def test_parts_that_are_to_have_nothing_get_nothing() -> None:
    assert split({"a": 1}, {"train": 1.0, "val": 0.0}, 0) == {"train": ("a",), "val": ()}


def test_too_few_groups_are_refused() -> None:
    with pytest.raises(NothingToDo, match="only 2 groups"):
        split({"a": 1, "b": 1}, {"train": 0.8, "val": 0.1, "test": 0.1}, 0)


def test_auto_holds_whole_documents_out_where_there_are_four() -> None:
    lines = [
        line(f"c/d{d}/p{p}", name=f"l{n}") for d in range(5) for p in range(2) for n in range(3)
    ]
    found = held_out(lines, "auto", 0.2, 0)
    assert len({one.document for one in found.val}) == 1
    assert not {one.document for one in found.val} & {one.document for one in found.train}
    assert found.said == ("Held out: 1 of 5 documents (6 of 30 lines); nothing of them is learned.")
    assert found.by == "document"


@pytest.mark.parametrize("documents", [["d1", "d2", "d3"], ["d1", "d2", "d3", "big"]])
def test_auto_holds_pages_out_where_documents_are_few_or_one_is_half(documents: list[str]) -> None:
    lines = [
        line(f"c/{name}/p{page}", "x" * (100 if name == "big" else 10))
        for name in documents
        for page in range(4)
    ]
    found = held_out(lines, "auto", 0.25, 0)
    assert " pages " in found.said
    assert found.by == "page"
    assert not {one.page for one in found.val} & {one.page for one in found.train}
    assert {one.document for one in found.val} & {one.document for one in found.train}


def test_auto_divides_the_lines_of_a_single_page_and_warns() -> None:
    lines = [line("p1", name=f"l{number}") for number in range(20)]
    found = held_out(lines, "auto", 0.1, 0)
    assert len(found.val) == 2
    assert len(found.train) == 18
    assert found.by == "line"
    assert found.said.startswith("There is only one page, of which 2 of 20 lines")


def test_lines_without_ids_on_one_page_are_divided_as_well() -> None:
    lines = [line("p1", name="", text=f"ligne {number}") for number in range(20)]
    assert len(held_out(lines, "auto", 0.1, 0).val) == 2


def test_auto_keeps_what_the_corpus_holds_out_and_never_learns_test_lines() -> None:
    lines = [line("a", split="train"), line("b", split="val"), line("c", split="test")]
    found = held_out(lines, "auto", 0.5, 0)
    assert (found.train, found.val) == ((lines[0],), (lines[1],))
    assert found.said == "The corpus says itself what is held out: 1 of 2 lines."
    assert found.by == "given"


def test_pages_of_ones_own_beside_such_a_corpus_are_divided_too() -> None:
    own = [line(f"own/p{page}") for page in range(4)]
    found = held_out([line("a", split="train"), line("b", split="val"), *own], "auto", 0.25, 0)
    assert len(found.train) == 4
    assert len(found.val) == 2
    assert "itself" in found.said
    assert "1 of 4 pages" in found.said


def test_a_corpus_of_training_lines_alone_is_divided() -> None:
    found = held_out([line(f"p{page}", split="train") for page in range(4)], "auto", 0.25, 0)
    assert len(found.val) == 1


@pytest.mark.parametrize("by", ["page", "document", "hand"])
def test_test_lines_are_left_out_whatever_the_unit(by: Literal["page", "document", "hand"]) -> None:
    lines = [line(f"d{number}/p", split="test" if number == 5 else None) for number in range(6)]
    found = held_out(lines, by, 0.2, 0)
    assert lines[5] not in found.train + found.val
    assert len(found.train + found.val) == 5


def test_hands_come_from_a_table_else_from_the_document() -> None:
    lines = [line(f"d/p{page}") for page in range(6)] + [line("e/p0")]
    hands = {f"d/p{page}": "A" if page < 3 else "B" for page in range(6)}
    for seed in range(5):
        found = held_out(lines, "hand", 0.3, seed, hands)
        sides = [
            {hands.get(one.page, one.document) for one in side} for side in (found.train, found.val)
        ]
        assert not sides[0] & sides[1]
        assert sides[0] | sides[1] == {"A", "B", "e"}


def test_one_document_cannot_be_held_out() -> None:
    with pytest.raises(NothingToDo, match="only 1 group"):
        held_out([line("d/p1"), line("d/p2")], "document", 0.1, 0)


def test_nothing_cannot_be_divided() -> None:
    with pytest.raises(NothingToDo):
        held_out([], "auto", 0.1, 0)
