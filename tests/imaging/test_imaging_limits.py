"""Images too large are refused before they are decoded; large ones that are allowed are read."""

import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageFile, TiffImagePlugin

from htr.errors import ImageTooLarge
from htr.imaging.limits import check_pixels
from htr.imaging.load import extract, load
from htr.imaging.source import Source, sources
from htr.settings import TranscribeSettings

SIDE = 20_000


def bilevel_png(path: Path, width: int, height: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    compressor = zlib.compressobj(1)
    row = bytes(1 + (width + 7) // 8)
    rows = b"".join(compressor.compress(row) for _ in range(height)) + compressor.flush()
    parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))


@pytest.fixture
def _no_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        pytest.fail("the image was decoded")

    for kind in (Image.Image, ImageFile.ImageFile, TiffImagePlugin.TiffImageFile):
        monkeypatch.setattr(kind, "load", fail)


@pytest.mark.usefixtures("_no_decoding")
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_bomb_is_refused_by_its_header(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"bomb{suffix}"
    bilevel_png(path, SIDE, SIDE) if suffix == ".png" else path.write_bytes(tiff_header())
    assert path.stat().st_size < 1_000_000

    assert sources(path) == (Source(path),)
    with pytest.raises(ImageTooLarge) as caught:
        load(Source(path), max_pixels=TranscribeSettings().max_pixels, dpi=300)

    assert caught.value.path == str(path)
    for part in ("400.0 megapixels", "20000 x 20000", "200.0 megapixels", "--max-pixels 400000000"):
        assert part in str(caught.value)


def tiff_header() -> bytes:
    """The directory of a 20000 x 20000 bilevel G4 TIFF (TIFF 6.0, section 2) and no strip."""
    entries = [(256, SIDE), (257, SIDE), (258, 1), (259, 4), (262, 0), (273, 8), (277, 1)]
    entries += [(278, SIDE), (279, 100)]
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", 0)


def test_page_of_a_tiff_names_its_number(tmp_path: Path) -> None:
    path = tmp_path / "register.tif"
    Image.new("1", (10, 10)).save(path, save_all=True, append_images=[Image.new("1", (50, 50))])
    first, second = sources(path)

    assert load(first, max_pixels=100, dpi=300).image.size == (10, 10)
    with pytest.raises(ImageTooLarge, match="Page 2: "):
        extract(second, max_pixels=2499, dpi=300)
    assert load(second, max_pixels=2500, dpi=300).image.size == (50, 50)


def test_more_than_pillow_allows_is_read_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    bilevel_png(path, 25_000, 10_000)
    before = Image.MAX_IMAGE_PIXELS
    assert before is not None
    assert 2 * before < 25_000 * 10_000  # Pillow alone would raise DecompressionBombError

    with pytest.raises(ImageTooLarge):
        load(Source(path), max_pixels=TranscribeSettings().max_pixels, dpi=300)
    loaded = load(Source(path), max_pixels=300_000_000, dpi=300)

    assert loaded.image.size == (25_000, 10_000)
    assert before == Image.MAX_IMAGE_PIXELS


def test_large_images_do_not_warn_and_pillow_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.png"
    Image.new("L", (40, 30)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    filters = list(warnings.filters)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert load(Source(path), max_pixels=10_000, dpi=300).image.size == (40, 30)

    assert caught == []
    assert Image.MAX_IMAGE_PIXELS == 1000
    assert list(warnings.filters) == filters


def test_threads_leave_pillow_as_it_was(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(40)]
    for path in paths:
        Image.new("L", (9, 9)).save(path)
    before = Image.MAX_IMAGE_PIXELS

    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(lambda path: load(Source(path), max_pixels=81, dpi=300), paths))

    assert len(images) == len(paths)
    assert before is not None
    assert before == Image.MAX_IMAGE_PIXELS


def test_hint_names_the_resolution_where_it_made_the_size(tmp_path: Path) -> None:
    with pytest.raises(ImageTooLarge, match="less than 600 with `--dpi`"):
        check_pixels((11, 10), max_pixels=109, path=tmp_path, dpi=600)
    check_pixels((11, 10), max_pixels=110, path=tmp_path, dpi=600)
