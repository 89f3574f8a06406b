"""Files that are missing, empty, closed to us or not images; digests; real pages."""

import errno
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from htr.errors import DamagedImage, EmptyFile, InputError, NotAnImage, NotFound, NotReadable
from htr.imaging.digest import sha256
from htr.imaging.load import extract, load
from htr.imaging.source import IMAGE_SUFFIXES, PDF_SUFFIXES, Source, sources

READERS: tuple[Callable[[Path], Any], ...] = (
    sources,
    sha256,
    lambda path: load(Source(path), max_pixels=1000, dpi=300),
    lambda path: extract(Source(path, 0), max_pixels=1000, dpi=300),
)


def refuse(monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def open_(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", open_)


@pytest.mark.parametrize("reader", READERS)
def test_missing(tmp_path: Path, reader: Callable[[Path], Any]) -> None:
    for path in (tmp_path / "none.jpg", tmp_path / "none.pdf"):
        with pytest.raises(NotFound) as caught:
            reader(path)
        assert caught.value.path == str(path)
        assert caught.value.hint


@pytest.mark.parametrize("reader", READERS)
def test_file_taken_for_a_folder(tmp_path: Path, reader: Callable[[Path], Any]) -> None:
    (tmp_path / "page.jpg").write_bytes(b"x")
    with pytest.raises(NotFound):
        reader(tmp_path / "page.jpg" / "page.jpg")


@pytest.mark.parametrize("reader", READERS)
def test_folder(tmp_path: Path, reader: Callable[[Path], Any]) -> None:
    with pytest.raises(NotReadable):
        reader(tmp_path)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["page.jpg", "page.tif", "page.pdf"])
def test_empty(tmp_path: Path, reader: Callable[[Path], Any], name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(EmptyFile) as caught:
        reader(tmp_path / name)
    assert caught.value.hint


@pytest.mark.parametrize("reader", READERS)
def test_permission_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Callable[[Path], Any]
) -> None:
    refuse(monkeypatch, PermissionError(errno.EACCES, "Permission denied"))
    with pytest.raises(NotReadable, match="does not allow") as caught:
        reader(tmp_path / "page.jpg")
    assert caught.value.path == str(tmp_path / "page.jpg")


@pytest.mark.parametrize("reader", READERS)
def test_failing_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Callable[[Path], Any]
) -> None:
    refuse(monkeypatch, OSError(errno.EIO, "Input/output error"))
    with pytest.raises(NotReadable, match="Input/output error"):
        reader(tmp_path / "page.jpg")


def test_disk_that_fails_while_pixels_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.jpg"
    Image.new("L", (9, 9)).save(path)

    def fail(_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(NotReadable, match="Input/output error"):
        load(Source(path), max_pixels=1000, dpi=300)


def test_lack_of_memory_is_not_said_to_be_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.jpg"
    Image.new("L", (9, 9)).save(path)

    def fail(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(MemoryError):
        load(Source(path), max_pixels=1000, dpi=300)


@pytest.mark.parametrize(
    "content", [b"Liste des images\n", b"\0" * 4096, b"%", b"%!PS-Adobe-3.0 EPSF-3.0\n"]
)
@pytest.mark.parametrize("name", ["page.jpg", "page.tif", "page.eps"])
def test_not_an_image(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for reader in (sources, READERS[2]):
        with pytest.raises(NotAnImage, match="not an image") as caught:
            reader(path)
        assert caught.value.path == str(path)


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff\xe0\0\x10JFIF", b"II*\0\x08\0\0\0", b"\x89PNG\r\n"]
)
def test_image_cut_off_in_its_header_is_damaged(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "page"
    path.write_bytes(head)
    for reader in (sources, READERS[2]):
        with pytest.raises(DamagedImage):
            reader(path)


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    Image.new("L", (9, 7)).save(path, "PNG")
    assert load(Source(path), max_pixels=1000, dpi=300).image.size == (9, 7)


def test_suffixes_are_lower_case_and_apart() -> None:
    assert {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".jp2"} <= IMAGE_SUFFIXES
    assert {".pdf"} == PDF_SUFFIXES
    assert not IMAGE_SUFFIXES & PDF_SUFFIXES
    assert all(suffix == suffix.lower() for suffix in IMAGE_SUFFIXES)


def test_sha256(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    content = bytes(range(256)) * 5000
    path.write_bytes(content)
    assert sha256(path) == hashlib.sha256(content).hexdigest()


def test_errors_are_input_errors_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        sources(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path / 'none'}: There is no such file. Check the path."


@pytest.mark.corpora
def test_real_pages_are_as_large_as_their_alto_says(corpora: Path) -> None:
    images = sorted((corpora / "test").rglob("*.jpg"))
    assert len(images) >= 60
    for path in images:
        assert sources(path) == (Source(path),)
        alto = path.with_suffix(".xml").read_text(encoding="utf-8")
        (page,) = re.findall(r"<Page\b[^>]*>", alto)
        stated = (int(re.findall(rf'\b{side}="(\d+)"', page)[0]) for side in ("WIDTH", "HEIGHT"))
        with Image.open(path) as image:
            off = [abs(one - two) for one, two in zip(image.size, stated, strict=True)]
        assert max(off) <= 1  # both were scaled down, and rounded each in its own way


@pytest.mark.corpora
def test_a_real_page_of_each_collection_is_read(corpora: Path) -> None:
    for folder in sorted((corpora / "test").iterdir()):
        path = min(folder.glob("*.jpg"))
        loaded = load(Source(path), max_pixels=50_000_000, dpi=300)
        with Image.open(path) as image:
            assert loaded.image.size == image.size
        assert loaded.image.mode in ("L", "RGB")
        low, high = loaded.image.convert("L").getextrema()
        assert isinstance(low, int)
        assert isinstance(high, int)
        assert high - low > 100  # ink and paper
