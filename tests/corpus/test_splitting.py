"""Lists of pages: no group in two of them, in a form that other commands take."""

import tomllib
from pathlib import Path

import pytest
from corpus_pages import corpus

from htr.batch.inputs import expand
from htr.corpus.splitting import Part, read_hands, read_split, split_pages, write_split
from htr.errors import InputError, NothingToDo
from htr.exchange.register import PageFile

SHARES = {"train": 0.6, "val": 0.2, "test": 0.2}


@pytest.fixture
def files(tmp_path: Path) -> tuple[PageFile, ...]:
    return corpus(
        tmp_path / "truth",
        {f"v{volume}/p{number}": ["un acte"] * 3 for volume in range(5) for number in range(4)},
    )


def names(part: Part) -> set[str]:
    return {file.name for file in part.pages}


def test_pages_documents_and_hands_stay_together(files: tuple[PageFile, ...]) -> None:
    hands = {f"v{number}/p0": "A" for number in range(5)}
    for by, group in (
        ("page", lambda name: name),
        ("document", lambda name: name.split("/")[0]),
        ("hand", lambda name: hands.get(name, name.split("/")[0])),
    ):
        parts = split_pages(files, by, SHARES, 0, hands)  # type: ignore[arg-type]
        assert set.union(*map(names, parts)) == {file.name for file in files}
        groups = [set(map(group, names(part))) for part in parts]
        assert sum(map(len, groups)) == len(set.union(*groups))
        assert all(groups)
        for part in parts:
            assert set(part.groups) == set(map(group, names(part)))
            assert part.lines == 3 * len(part.pages)
            assert part.characters == 21 * len(part.pages)


def test_lists_are_taken_by_other_commands(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    parts = split_pages(files, "page", SHARES, 0)
    folder = tmp_path / "lists"
    write_split(parts, folder, by="page", seed=0, sources=["truth"])
    for part in parts:
        entries = expand([f"@{folder / part.name}.txt"], recursive=False, with_xml=True)
        assert [entry.path.resolve() for entry in entries] == [file.path for file in part.pages]
    assert read_split(folder) == {
        file.path.resolve(): part.name for part in parts for file in part.pages
    }


def test_the_same_split_makes_the_same_files(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    for name in ("one", "two"):
        parts = split_pages(files, "document", SHARES, 7)
        write_split(parts, tmp_path / name, by="document", seed=7, sources=["a “b”\x7f"])
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    assert set(one) == {"train.txt", "val.txt", "test.txt", "split.toml"}


def test_the_record_says_what_was_done(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    parts = split_pages(files, "document", {"train": 0.8, "val": 0.2, "test": 0.0}, 3)
    write_split(parts, tmp_path, by="document", seed=3, sources=["a “b”\x7f"])
    record = tomllib.loads((tmp_path / "split.toml").read_text(encoding="utf-8"))
    assert (record["by"], record["seed"], record["sources"]) == ("document", 3, ["a “b”\x7f"])
    assert record["val"]["groups"] == list(parts[1].groups)
    assert (record["train"]["pages"], record["train"]["lines"]) == (16, 48)
    assert not (tmp_path / "test.txt").exists()


def test_odd_names_are_listed_so_that_they_are_found(tmp_path: Path) -> None:
    files = corpus(tmp_path / "t", {"#1": ["a"], "b": ["b"]})
    parts = split_pages(files, "page", {"train": 0.5, "val": 0.5, "test": 0.0}, 0)
    write_split(parts, tmp_path / "t", by="page", seed=0, sources=[])
    assert len(read_split(tmp_path / "t")) == 2


@pytest.mark.parametrize("text", ["page,hand\nv0/p0,A\np1,B\n", "page;hand\nv0/p0;A\n\np1;B\n"])
def test_hands_are_named_by_page(text: str, files: tuple[PageFile, ...], tmp_path: Path) -> None:
    path = tmp_path / "hands.csv"
    path.write_text(text, encoding="utf-8-sig")
    assert read_hands(path, files) == {"v0/p0": "A", "p1": "B"}


@pytest.mark.parametrize("row", ["nowhere,A", "v0/p0,", "v0/p0"])
def test_hands_of_pages_that_are_not_there_are_refused(
    row: str, files: tuple[PageFile, ...], tmp_path: Path
) -> None:
    path = tmp_path / "hands.csv"
    path.write_text(f"page,hand\n{row}\n")
    with pytest.raises(InputError, match="Row 2"):
        read_hands(path, files)


def test_hands_in_another_encoding_are_refused(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    path = tmp_path / "hands.csv"
    path.write_bytes("page,hand\nv0/p0,Élie\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_hands(path, files)


def test_one_folder_is_no_three_documents(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"p1": ["a"], "p2": ["b"], "p3": ["c"]})
    with pytest.raises(NothingToDo, match="only 1 group"):
        split_pages(files, "document", SHARES, 0)


def test_a_folder_without_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToDo, match="no lists"):
        read_split(tmp_path)
