"""Zips from strangers: bad names, links, bombs, passwords and damage are refused, by name."""

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.errors import DamagedArchive, InputError, LockedArchive, UnsafeArchive
from htr.exchange.archive import Folder, archive, common_folder, damaged, is_inside

Maker = Callable[[zipfile.ZipFile], None]


def made(path: Path, make: Maker) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        make(file)
    return path


def entry(name: str, data: bytes = b"x") -> Maker:
    return lambda file: file.writestr(zipfile.ZipInfo(name), data)


def link(file: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("page/0001.xml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    file.writestr(info, "/etc/hostname")


def twice(file: zipfile.ZipFile) -> None:
    file.writestr("p/A.xml", "1")
    file.writestr("p/a.xml", "2")


def bomb(file: zipfile.ZipFile) -> None:
    file.writestr("p.xml", bytes(32 * 2**20), zipfile.ZIP_DEFLATED)


def small_bombs(file: zipfile.ZipFile) -> None:
    for number in range(3):
        file.writestr(f"p{number}.xml", bytes(15 * 2**20), zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (entry("../x.xml"), "../x.xml"),
        (entry("a/../../x.xml"), "../../x.xml"),
        (entry("/etc/x.xml"), "/etc/x.xml"),
        (entry("C:/x.xml"), "C:/x.xml"),
        (entry("..\\x.xml"), "x.xml"),
        (entry("\\\\host\\x.xml"), "host"),
        (entry("a\nb.xml"), "b.xml"),
        (entry("n" * 230 + ".xml"), "nnn"),
        (link, "page/0001.xml"),
        (twice, "p/a.xml"),
        (bomb, "p.xml"),
        (small_bombs, "unpack"),
    ],
)
def test_unsafe_entries_condemn_the_archive(tmp_path: Path, make: Maker, word: str) -> None:
    path = made(tmp_path / "export.zip", make)
    with pytest.raises(UnsafeArchive, match=r"export\.zip") as caught, archive(path):
        pass
    assert word in caught.value.message
    assert caught.value.hint


def test_a_name_cut_by_a_nul_is_seen_whole(tmp_path: Path) -> None:
    path = made(tmp_path / "a.zip", entry("p.xml#../x"))
    path.write_bytes(path.read_bytes().replace(b"p.xml#../x", b"p.xml\0../x"))
    with pytest.raises(InputError), archive(path):
        pass


def test_a_password_is_said(tmp_path: Path) -> None:
    path = made(tmp_path / "a.zip", entry("p.xml"))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        struct.pack_into("<H", data, data.index(signature) + offset, 1)
    path.write_bytes(data)
    with pytest.raises(LockedArchive, match="password"), archive(path):
        pass


@pytest.mark.parametrize("cut", [1, 30, 100])
def test_a_cut_archive_is_damaged(tmp_path: Path, cut: int) -> None:
    path = made(tmp_path / "a.zip", entry("p.xml", bytes(1000)))
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(DamagedArchive, match=r"a\.zip"), archive(path):
        pass


def several(*names: str) -> Maker:
    def make(file: zipfile.ZipFile) -> None:
        for name in names:
            file.writestr(name, f"text of {name}", zipfile.ZIP_STORED)

    return make


def test_a_damaged_entry_costs_itself(tmp_path: Path) -> None:
    path = made(tmp_path / "a.zip", several("p1", "p2"))
    path.write_bytes(path.read_bytes().replace(b"text of p1", b"text of qq"))
    with archive(path) as found:
        with (
            pytest.raises(DamagedArchive, match=r"a\.zip/p1"),
            damaged(found.label(PurePosixPath("p1"))),
        ):
            found.open(PurePosixPath("p1")).read()
        with found.open(PurePosixPath("p2")) as stream:
            assert stream.read() == b"text of p2"


def test_hidden_entries_are_passed_over_and_order_is_natural(tmp_path: Path) -> None:
    names = ("d/p10.xml", "d/p2.xml", "__MACOSX/d/p2.xml", "d/.DS_Store", "d/")
    path = made(tmp_path / "a.zip", several(*names))
    with archive(path) as found:
        assert [str(name) for name in found.names()] == ["d/p2.xml", "d/p10.xml"]
        assert found.has(PurePosixPath("d/p2.xml"))
        assert not found.has(PurePosixPath("../a.zip"))


def test_a_folder_gives_what_lies_in_it_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "in" / "out").mkdir(parents=True)
    for name in ("secret.xml", "in/p1.xml", "in/out/p1.xml"):
        (tmp_path / name).write_text("x")
    found = Folder(tmp_path / "in", (tmp_path / "in" / "out").resolve())
    assert [str(name) for name in found.names()] == ["p1.xml"]
    assert not found.has(PurePosixPath("../secret.xml"))


@given(st.lists(st.sampled_from(["a", "b", "..", ".", "", "C:", "é"]), min_size=1, max_size=5))
def test_what_is_inside_stays_inside(parts: list[str]) -> None:
    name = "/".join(parts)
    depth = 0
    leaves = name.startswith("/") or parts[0] == "C:"
    for part in parts:
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        leaves = leaves or depth < 0
    assert not (is_inside(name) and leaves)
    assert is_inside("x/" + "/".join(p for p in parts if p not in ("..", "C:")))


def test_the_folder_that_wraps_an_export_is_found() -> None:
    names = ("12/reg/page/1.xml", "12/reg/page/2.xml", "12/reg/1.jpg")
    assert common_folder(map(PurePosixPath, names)) == PurePosixPath("12/reg")
    assert common_folder([PurePosixPath("1.xml")]) == PurePosixPath()
