"""A dry run changes nothing; applying changes texts alone, and loses nothing."""

import csv
from pathlib import Path

import pytest
from corpus_pages import corpus, page, words, write

from htr.corpus.normalising import Example, normalise_pages
from htr.corpus.replacements import Rule, composed, read_table
from htr.document.page import Line
from htr.errors import OutputError
from htr.exchange.register import PageFile, register
from htr.formats import read_file


@pytest.fixture
def files(tmp_path: Path) -> tuple[PageFile, ...]:
    return corpus(
        tmp_path / "truth",
        {
            "1827/p1": ["le ſieur Martin", "rien", "le ſieur dit ; ſoit"],
            "1827/p2": ["rien non plus"],
            "1828/p1": ["ſeul"],
        },
    )


def rules(tmp_path: Path, *rows: tuple[str, str]) -> tuple[Rule, ...]:
    path = tmp_path / "table.tsv"
    path.write_text("from\tto\n" + "".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")
    return read_table(path)


def contents(files: tuple[PageFile, ...]) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in files}


def test_a_dry_run_counts_and_changes_nothing(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    before, seen = contents(files), []
    found = normalise_pages(
        files, rules(tmp_path, ("ſ", "s"), (" ;", ";"), ("zz", "z")), None, lambda: seen.append(1)
    )
    assert contents(files) == before
    assert [(one.count, one.lines) for one in found.rules] == [(4, 3), (1, 1), (0, 0)]
    assert found.rules[0].examples[0] == Example("1827/p1", "l0", "le ", "ſ", "s", "ieur Martin")
    assert len(found.rules[0].examples) == 3
    assert [(one.page, len(one.edits)) for one in found.changed] == [("1827/p1", 2), ("1828/p1", 1)]
    assert (found.lines, found.words_lost, len(seen)) == (3, 1, 3)
    assert found.unstable == ()


def test_applying_keeps_the_files_as_they_were(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    before = contents(files)
    backup = tmp_path / "before"
    found = normalise_pages(files, rules(tmp_path, ("ſ", "s"), (" ;", ";")), backup)
    changed = {one.page for one in found.changed}
    assert changed == {"1827/p1", "1828/p1"}
    for file in files:
        kept = backup / f"{file.name}.xml"
        assert kept.exists() == (file.name in changed)
        if file.name in changed:
            assert kept.read_bytes() == before[file.name]
        else:
            assert file.path.read_bytes() == before[file.name]
    assert [line.text for line in read_file(files[0].path).lines] == [
        "le sieur Martin",
        "rien",
        "le sieur dit; soit",
    ]
    with (backup / "changes.csv").open(encoding="utf-8", newline="") as file_object:
        rows = list(csv.DictReader(file_object))
    assert [(row["page"], row["line"], row["after"], row["words lost"]) for row in rows] == [
        ("1827/p1", "l0", "le sieur Martin", ""),
        ("1827/p1", "l2", "le sieur dit; soit", "yes"),
        ("1828/p1", "l0", "seul", ""),
    ]


def test_a_second_run_finds_nothing(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    table = rules(tmp_path, ("ſ", "s"))
    normalise_pages(files, table, tmp_path / "before")
    again = normalise_pages(files, table, tmp_path / "again")
    assert again.changed == ()
    assert not (tmp_path / "again").exists()


def test_lines_that_a_second_run_would_change_are_told(
    files: tuple[PageFile, ...], tmp_path: Path
) -> None:
    found = normalise_pages(files, rules(tmp_path, ("ss", "s"), ("ſ", "ss")))
    assert found.unstable == (("1827/p1", "l0"), ("1827/p1", "l2"), ("1828/p1", "l0"))


def test_text_is_composed_first(tmp_path: Path) -> None:
    decomposed = Line("l0", words=words("e\u0301te\u0301"))
    path = write(tmp_path, "p1", page([decomposed, "ete"], "p1.png"))
    path.write_bytes(path.read_bytes().replace("été".encode(), "e\u0301te\u0301".encode()))
    found = normalise_pages(register([tmp_path]), [composed(), *rules(tmp_path, ("é", "è"))])
    assert [edit.after for page in found.changed for edit in page.edits] == ["ètè"]
    assert [one.count for one in found.rules] == [2, 2]


def test_a_bad_page_is_told_and_the_rest_goes_on(
    files: tuple[PageFile, ...], tmp_path: Path
) -> None:
    files[0].path.write_text("<alto>")
    found = normalise_pages(files, rules(tmp_path, ("ſ", "s")))
    assert [error.path for error in found.failed] == [str(files[0].path)]
    assert [one.page for one in found.changed] == ["1828/p1"]


def test_a_folder_with_files_is_no_place_for_a_backup(
    files: tuple[PageFile, ...], tmp_path: Path
) -> None:
    before = contents(files)
    for place in (tmp_path, tmp_path / "truth", files[0].path):
        with pytest.raises(OutputError):
            normalise_pages(files, rules(tmp_path, ("ſ", "s")), place)
    assert contents(files) == before
