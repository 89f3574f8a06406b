"""A zip as eScriptorium's importer reads it: by its rules, which are written here once more."""

from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from registers import broken, made

from htr.document.description import Description
from htr.errors import DiskFull, NotFound
from htr.exchange import escriptorium
from htr.exchange.escriptorium import ZipOptions, write_zip
from htr.exchange.register import PageFile
from htr.formats import read
from htr.formats.mets_reader import MetsPage, read_mets

OPTIONS = ZipOptions(Description("Mariages"), datetime(2026, 11, 25, 10, tzinfo=UTC), "htr 0.1.0")
GOLDEN = Path(__file__).parent.parent / "golden"


def test_golden(tmp_path: Path) -> None:
    write_zip(made(tmp_path), tmp_path / "out.zip", OPTIONS)
    with ZipFile(tmp_path / "out.zip") as archive:
        assert archive.read("p1.xml") == (GOLDEN / "escriptorium.xml").read_bytes()


def test_entries_are_flat_images_first_and_stored(tmp_path: Path) -> None:
    files = made(tmp_path)
    outcome = write_zip(files, tmp_path / "new" / "out.zip", OPTIONS)
    assert outcome.written == (tmp_path / "new" / "out.zip",)
    with ZipFile(outcome.written[0]) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "p1.jpg",
            "p1.xml",
            "1827 é_p 2__.jpg",
            "1827 é_p 2__.xml",
            "METS.xml",
        ]
        for entry in archive.infolist():
            assert (entry.compress_type == ZIP_STORED) == entry.filename.endswith(".jpg")
            assert entry.date_time == (2026, 11, 25, 10, 0, 0)
        for file, name in zip(files, ("p1", "1827 é_p 2__"), strict=True):
            original = file.read()
            assert archive.read(f"{name}.jpg") == file.image(original).read_bytes()
            page = read(archive.read(f"{name}.xml"))
            assert page.image.name == f"{name}.jpg"
            assert page.text == original.text
        assert read_mets(archive.read("METS.xml")) == (
            MetsPage("p1", "p1.xml", None, "p1.jpg"),
            MetsPage("1827 é/p 2#%", "1827 é_p 2__.xml", None, "1827 é_p 2__.jpg"),
        )


def test_the_same_register_makes_the_same_bytes(tmp_path: Path) -> None:
    files = made(tmp_path)
    for name in ("a.zip", "b.zip"):
        write_zip(files, tmp_path / name, OPTIONS)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_names_that_would_be_one_are_told_apart(tmp_path: Path) -> None:
    path = made(tmp_path)[0].path
    files = [PageFile(path, name) for name in ("a/b", "a_b", "A_B", "mets")]
    write_zip(files, tmp_path / "out.zip", OPTIONS)
    with ZipFile(tmp_path / "out.zip") as archive:
        names = [name.removesuffix(".jpg") for name in archive.namelist() if "jpg" in name]
    assert names == ["a_b", "a_b-2", "A_B-3", "mets-2"]


def test_a_page_without_its_image_costs_only_itself(tmp_path: Path) -> None:
    outcome = write_zip(broken(tmp_path), tmp_path / "out.zip", OPTIONS)
    assert [type(error) for error in outcome.failed] == [NotFound]
    with ZipFile(tmp_path / "out.zip") as archive:
        assert len(read_mets(archive.read("METS.xml"))) == 2


def test_no_page_no_zip(tmp_path: Path) -> None:
    files = [file for file in broken(tmp_path) if file.name == "p3"]
    with pytest.raises(NotFound):
        write_zip(files, tmp_path / "out.zip", OPTIONS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alto", "scans"]


def test_a_full_disk_leaves_the_old_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = made(tmp_path)
    target = tmp_path / "out.zip"
    target.write_bytes(b"old")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(escriptorium, "_add", full)
    with pytest.raises(DiskFull):
        write_zip(files, target, OPTIONS)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alto", "out.zip", "scans"]
