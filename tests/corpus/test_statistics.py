"""Amounts of a corpus by collection and document."""

from pathlib import Path

import pytest
from corpus_pages import corpus

from htr.corpus.statistics import group_of, line_size, statistics
from htr.document.geometry import Baseline, Polygon
from htr.document.page import Line


def test_amounts_are_counted_by_group(tmp_path: Path) -> None:
    files = corpus(
        tmp_path,
        {"a/v1/p1": ["un acte", ""], "a/v2/p1": ["le sieur Martin", "dit"], "b/p1": ["été"]},
    )
    found = statistics(files)
    assert (found.total.pages, found.total.lines, found.total.empty) == (3, 4, 1)
    assert (found.total.words, found.total.characters) == (7, 7 + 15 + 3 + 3)
    assert list(found.groups) == ["a", "b"]
    assert (found.groups["a"].pages, found.groups["a"].words) == (2, 6)
    assert found.groups["b"].length == 3
    assert found.groups["b"].width == 360
    assert found.groups["b"].height == pytest.approx(40)
    by_document = statistics(files, "document")
    assert list(by_document.groups) == ["a/v1", "a/v2", "b"]
    assert by_document.total == found.total


def test_the_alphabet_is_ranked_by_how_common_its_letters_are(tmp_path: Path) -> None:
    found = statistics(corpus(tmp_path, {"p1": ["aab", "ba"]}))
    assert found.alphabet == (("a", 3), ("b", 2))


def test_pages_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"p1": ["a"], "p2": ["b"]})
    files[1].path.write_text("<alto>")
    ticks: list[int] = []
    found = statistics(files, observe=lambda: ticks.append(1))
    assert [error.path for error in found.failed] == [str(files[1].path)]
    assert found.total.pages == 1
    assert len(ticks) == 2


def test_nothing_is_known_of_no_lines(tmp_path: Path) -> None:
    amounts = statistics(corpus(tmp_path, {"p1": []})).total
    assert (amounts.lines, amounts.length, amounts.width, amounts.height) == (0, None, None, None)


@pytest.mark.parametrize(
    ("name", "collection", "document"), [("p", "", ""), ("a/p", "a", "a"), ("a/b/p", "a", "a/b")]
)
def test_groups_are_folders(name: str, collection: str, document: str) -> None:
    assert group_of(name, "collection") == collection
    assert group_of(name, "document") == document


def test_a_slanted_line_is_as_long_as_its_baseline() -> None:
    baseline = Baseline(((0, 0), (30, 40)))
    polygon = Polygon(((0, 0), (30, 40), (22, 46), (-8, 6)))
    assert line_size(Line("l", baseline, polygon)) == (50.0, 10.0)
    assert line_size(Line("l", baseline)) == (50.0, None)
    assert line_size(Line("l", None, polygon)) == (46.0, 500 / 46)
    assert line_size(Line("l")) == (None, None)
