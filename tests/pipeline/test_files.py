"""Files appear whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from htr.errors import DiskFull, OutputError
from htr.pipeline.files import remove_leftovers, whole, write_whole


def test_folders_are_made_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "p.xml", b"<alto/>")
    assert (tmp_path / "a" / "b" / "p.xml").read_bytes() == b"<alto/>"
    assert len(list((tmp_path / "a" / "b").iterdir())) == 1


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EIO, OutputError)],
)
def test_a_fault_at_any_step_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, kind: type[OutputError]
) -> None:
    target = tmp_path / "p.xml"
    target.write_bytes(b"old")

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(*{
            "fsync": (os, "fsync", fail),
            "replace": (Path, "replace", fail),
            "open": (Path, "open", fail),
        }[step])  # fmt: skip
        with pytest.raises(kind, match=r"p\.xml") as caught:
            write_whole(target, b"new")
    assert type(caught.value) is kind
    assert caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["p.xml"]
    assert target.read_bytes() == b"old"


def test_leftovers_go_and_all_else_stays(tmp_path: Path) -> None:
    for name in (".p.xml.12.htr-tmp", "p.xml", ".hidden", "x.htr-tmp"):
        (tmp_path / name).write_bytes(b"")
    remove_leftovers(tmp_path)
    remove_leftovers(tmp_path / "none")
    assert {path.name for path in tmp_path.iterdir()} == {"p.xml", ".hidden", "x.htr-tmp"}


def test_a_block_that_fails_leaves_nothing_and_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "p.jpg"
    target.write_bytes(b"old")

    def broken_off() -> None:
        with whole(target) as temporary:
            temporary.write_bytes(b"ne")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        broken_off()
    assert [path.name for path in tmp_path.iterdir()] == ["p.jpg"]
    assert target.read_bytes() == b"old"
    with whole(target) as temporary:
        temporary.write_bytes(b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["p.jpg"]
    assert target.read_bytes() == b"new"
