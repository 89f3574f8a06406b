"""Folders, files and lists become files in natural order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.batch.inputs import expand
from htr.document.text import natural
from htr.errors import InputError, NotFound, NothingToDo, NotReadable


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def names(inputs: list[str], recursive: bool = False, with_xml: bool = False) -> list[str]:
    entries = expand(inputs, recursive=recursive, with_xml=with_xml)
    return [str(entry.folder / entry.path.name) for entry in entries]


def test_natural_order() -> None:
    assert sorted(["p10.jpg", "p2.jpg", "P1.jpg", "p02b.jpg", "a.jpg"], key=natural) == [
        "a.jpg", "P1.jpg", "p2.jpg", "p02b.jpg", "p10.jpg",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=8)))
def test_any_names_can_be_sorted(texts: list[str]) -> None:
    assert sorted(sorted(texts, key=natural)) == sorted(texts)


def test_folders_give_images_and_pdfs_in_order_without_hidden_files(tmp_path: Path) -> None:
    touch(tmp_path, "p10.JPG", "p2.tif", "._p1.jpg", "notes.txt", "r.pdf", "p2.xml", "sub/p1.jp2")
    (tmp_path / "mets.xml").write_text("<mets/>")
    assert names([str(tmp_path)]) == ["p2.tif", "p10.JPG", "r.pdf"]
    assert names([str(tmp_path)], with_xml=True) == ["p2.tif", "p2.xml", "p10.JPG", "r.pdf"]


def test_recursion_keeps_folders_and_leaves_the_output_out(tmp_path: Path) -> None:
    touch(tmp_path, "b/p1.jpg", "a10/p1.jpg", "a9/x/p1.jpg", "out/images/p1.jpg", ".git/p.jpg")
    entries = expand([str(tmp_path)], recursive=True, with_xml=False, without=tmp_path / "out")
    assert [str(entry.folder) for entry in entries] == ["a9/x", "a10", "b"]


def test_lists_are_relative_to_their_folder(tmp_path: Path) -> None:
    touch(tmp_path, "scans/p1.jpg")
    (tmp_path / "list.txt").write_text("\ufeff# remark\n\nscans/p1.jpg\nscans/none.jpg\n")
    entries = expand([f"@{tmp_path / 'list.txt'}"], recursive=False, with_xml=False)
    assert [entry.path.name for entry in entries] == ["p1.jpg", "none.jpg"]
    assert entries[0].path.is_file()


def test_what_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="none"):
        expand([str(tmp_path / "none")], recursive=False, with_xml=False)
    with pytest.raises(NotFound, match=r"list\.txt"):
        expand([f"@{tmp_path / 'list.txt'}"], recursive=False, with_xml=False)


def test_a_list_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(InputError, match=r"list\.txt.*UTF-8"):
        expand([f"@{tmp_path / 'list.txt'}"], recursive=False, with_xml=False)


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    touch(tmp_path, "sub/p1.jpg")
    with pytest.raises(NothingToDo, match="-r"):
        expand([str(tmp_path)], recursive=False, with_xml=False)


def test_a_folder_without_the_right_to_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_arguments: False)
    with pytest.raises(NotReadable, match="may not be opened"):
        expand([str(tmp_path)], recursive=False, with_xml=False)


def test_an_unreadable_folder_further_down_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a/p1.jpg", "b/p1.jpg")
    import os

    scan = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("a"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr("os.scandir", guarded)
    entries = expand([str(tmp_path)], recursive=True, with_xml=False)
    assert [entry.path.name for entry in entries] == ["p1.jpg", "a"]
    assert isinstance(entries[1].error, NotReadable)
