"""A bad page costs only itself, and no export takes a page's place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from htr.document.page import ImageRef, Page
from htr.errors import NameClash, OutputError, UsageProblem
from htr.exchange.folder import Outcome, write_each, write_one
from htr.exchange.register import PageFile, register
from htr.formats import write_alto


@pytest.fixture
def files(tmp_path: Path) -> tuple[PageFile, ...]:
    """Three pages, of which the second is broken."""
    folder = tmp_path / "alto"
    (folder / "b").mkdir(parents=True)
    for name in ("p1", "b/p3"):
        page = Page(name.replace("/", ""), ImageRef("", 10, 20))
        (folder / f"{name}.xml").write_bytes(write_alto(page))
    (folder / "p2.xml").write_text("<alto/>")
    return register([folder])


def page_id(file: PageFile) -> bytes:
    return file.read().id.encode()


def ids(pages: Iterator[tuple[str, Page]]) -> bytes:
    return " ".join(f"{name}:{page.id}" for name, page in pages).encode()


def failures(outcome: Outcome) -> list[str]:
    return [Path(str(error.path)).name for error in outcome.failed]


def test_a_file_each(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcome = write_each(files, out, ".txt", page_id)
    assert outcome.written == (out / "p1.txt", out / "b" / "p3.txt")
    assert failures(outcome) == ["p2.xml"]
    assert [path.read_bytes() for path in outcome.written] == [b"p1", b"bp3"]
    assert len([path for path in out.rglob("*") if path.is_file()]) == 2


def test_one_file(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    out = tmp_path / "new" / "out.txt"
    outcome = write_one(files, out, ids)
    assert (outcome.written, failures(outcome)) == ((out,), ["p2.xml"])
    assert out.read_bytes() == b"p1:p1 b/p3:bp3"


def test_nothing_is_written_where_no_page_can_be_read(
    files: tuple[PageFile, ...], tmp_path: Path
) -> None:
    (broken,) = (file for file in files if file.name == "p2")
    outcome = write_one([broken], tmp_path / "out.txt", ids)
    assert (outcome.written, failures(outcome)) == ((), ["p2.xml"])
    assert not (tmp_path / "out.txt").exists()


def test_no_page_is_overwritten(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    before = {file: file.path.read_bytes() for file in files}
    with pytest.raises(NameClash, match=r"p1\.xml"):
        write_each(files, tmp_path / "alto", ".xml", page_id)
    with pytest.raises(NameClash, match=r"p1\.xml"):
        write_one(files, tmp_path / "alto" / "p1.xml", ids)
    other = tmp_path / "other"
    other.mkdir()
    (other / "p1.xml").write_bytes(before[files[0]])
    with pytest.raises(NameClash, match="other"):
        write_each(files, other, ".xml", page_id)
    assert {file: file.path.read_bytes() for file in files} == before


def test_an_earlier_export_is_overwritten(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    for _again in range(2):
        assert len(write_each(files, tmp_path / "out", ".xml", lambda _file: b"<a/>").written) == 3


def test_where_nothing_can_be_written(files: tuple[PageFile, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        write_each(files, tmp_path / "file", ".txt", page_id)
    with pytest.raises(UsageProblem, match="alto"):
        write_one(files, tmp_path / "alto", ids)
