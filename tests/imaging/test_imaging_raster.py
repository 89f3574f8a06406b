"""Every kind of image file comes out upright, decoded, in mode 1, L or RGB; or is refused."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from htr.errors import DamagedImage
from htr.imaging.load import Loaded, extract, load
from htr.imaging.modes import plain, simplest
from htr.imaging.source import Source, sources

WIDTH, HEIGHT = 60, 40
ORIENTATION = 0x0112


def read(path: Path, frame: int | None = None) -> Loaded:
    return load(Source(path, frame), max_pixels=1_000_000, dpi=300)


def picture(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A page that every turn changes: dark top left, red top right, the rest light."""
    image = Image.new("RGB", (width, height), (240, 230, 210))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=(20, 20, 20))
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=(200, 30, 30))
    return image


def noise(size: tuple[int, int] = (160, 120)) -> Image.Image:
    samples = np.random.default_rng(7).integers(0, 255, (size[1], size[0], 3))
    return Image.fromarray(samples.astype("u1"))


def difference(image: Image.Image, wanted: Image.Image) -> int:
    left, right = (np.asarray(one.convert("RGB")).astype(int) for one in (image, wanted))
    assert left.shape == right.shape
    return int(np.abs(left - right).max())


def png(depth: int, colour: int, rows: bytes, *chunks: tuple[bytes, bytes], side: int = 4) -> bytes:
    """A PNG byte by byte (PNG specification, section 5), for what Pillow does not write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0)
    parts = ((b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def tiff_with_header_first(image: Image.Image, compression: str, keep: float) -> bytes:
    """A TIFF of one strip whose directory comes first (TIFF 6.0, section 2), its strip cut off."""
    buffer = BytesIO()
    image.save(buffer, "TIFF", compression=compression, tiffinfo={278: image.height})
    with Image.open(buffer) as written:
        assert hasattr(written, "tag_v2")
        tags = written.tag_v2
        (start,), (length,) = tags[273], tags[279]
    strip = buffer.getvalue()[start : start + length]
    bits = 1 if image.mode == "1" else 8
    entries = [(256, image.width), (257, image.height), (258, bits), (259, tags[259])]
    entries += [(262, tags[262]), (273, 8 + 2 + 9 * 12 + 4), (277, 1), (278, image.height)]
    entries += [(279, length)]
    head = b"II*\0" + struct.pack("<IH", 8, len(entries))
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return head + body + struct.pack("<I", 0) + strip[: int(length * keep)]


@pytest.mark.parametrize(
    ("name", "options", "most"),
    [
        ("page.jpg", {"quality": 95, "subsampling": 0}, 12),
        ("page.jpg", {"quality": 95, "subsampling": 0, "progressive": True}, 12),
        ("page.png", {}, 0),
        ("page.webp", {"lossless": True}, 0),
        ("page.webp", {"quality": 95}, 90),
        ("page.jp2", {}, 0),
        ("page.j2k", {}, 0),
        ("page.jp2", {"irreversible": True, "quality_layers": [40], "quality_mode": "dB"}, 20),
        ("page.tif", {}, 0),
        ("page.tif", {"compression": "tiff_lzw"}, 0),
        ("page.tif", {"compression": "tiff_adobe_deflate"}, 0),
        ("page.tif", {"compression": "packbits"}, 0),
        ("page.tif", {"compression": "jpeg", "quality": 95}, 90),
        ("page.tif", {"compression": "tiff_lzw", "big_tiff": True}, 0),
        ("page.bmp", {}, 0),
    ],
)
def test_colour_in_every_format(
    tmp_path: Path, name: str, options: dict[str, Any], most: int
) -> None:
    path = tmp_path / name
    picture().save(path, **options)

    assert sources(path) == (Source(path),)
    loaded = read(path)
    assert loaded.image.mode == "RGB"
    assert difference(loaded.image, picture()) <= most


@pytest.mark.parametrize("compression", ["raw", "group3", "group4", "tiff_ccitt", "tiff_lzw"])
def test_bilevel_tiff_stays_bilevel(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "page.tif"
    page = picture().convert("1")
    page.save(path, compression=compression)

    image = read(path).image

    assert image.mode == "1"
    assert image.tobytes() == page.tobytes()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".jp2"])
def test_grey_stays_grey(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    picture().convert("L").save(path)
    assert read(path).image.mode == "L"


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_cmyk_comes_out_in_true_colours(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    options: dict[str, Any] = {"quality": 95} if suffix == ".jpg" else {}
    picture().convert("CMYK").save(path, **options)
    if suffix == ".jpg":
        assert b"Adobe" in path.read_bytes()  # inverted, as Photoshop writes it

    image = read(path).image

    assert image.mode == "RGB"
    assert difference(image, picture()) <= 60  # chroma of a JPEG's blocks at the colours' border


def test_ycbcr_tiff(tmp_path: Path) -> None:
    path = tmp_path / "page.tif"
    picture().convert("YCbCr").save(path)
    assert difference(read(path).image, picture()) <= 3


@pytest.mark.parametrize(("lightness", "grey"), [(0, 0), (255, 255), (136, 127)])
def test_lab_tiff(tmp_path: Path, lightness: int, grey: int) -> None:
    path = tmp_path / "page.tif"
    neutral = [Image.new("L", (8, 8), value) for value in (lightness, 128, 128)]
    Image.merge("LAB", neutral).save(path)

    image = read(path).image

    assert image.mode == "RGB"
    assert difference(image, Image.new("RGB", (8, 8), (grey, grey, grey))) <= 3


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_16_bit_grey_is_divided_by_257(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "page.tif"
    order = ">u2" if mode == "I;16B" else "<u2"
    samples = np.array([[0, 257, 25700, 65535]], dtype=order)
    Image.frombytes(mode, (4, 1), samples.tobytes()).save(path)

    image = read(path).image

    assert image.mode == "L"
    assert list(image.tobytes()) == [0, 1, 100, 255]


def test_16_bit_grey_png(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(png(16, 0, (b"\0" + struct.pack(">4H", 0, 257, 25700, 65535)) * 4))
    assert list(read(path).image.tobytes()) == [0, 1, 100, 255] * 4


def test_16_bit_colour_png_whose_transparent_colour_has_16_bits(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    row = b"\0" + b"\x12\x34" * 12
    path.write_bytes(png(16, 2, row * 4, (b"tRNS", b"\x12\x34" * 3)))
    assert read(path).image.mode == "RGB"


@pytest.mark.parametrize(
    ("samples", "wanted"),
    [
        (np.array([[-1000, 0, 1000]], dtype="i4"), [0, 128, 255]),
        (np.array([[0.25, 0.5, 0.75]], dtype="f4"), [0, 128, 255]),
        (np.array([[0.25, np.nan, np.inf]], dtype="f4"), [0, 0, 0]),
        (np.array([[7.0, 7.0, 7.0]], dtype="f4"), [0, 0, 0]),
        (np.array([[np.nan, np.nan, np.nan]], dtype="f4"), [0, 0, 0]),
    ],
)
def test_32_bit_samples_are_stretched(
    tmp_path: Path, samples: np.ndarray[Any, Any], wanted: list[int]
) -> None:
    path = tmp_path / "page.tif"
    Image.fromarray(samples).save(path)

    image = read(path).image

    assert image.mode == "L"
    assert list(image.tobytes()) == wanted


@pytest.mark.parametrize(("mode", "wanted"), [("RGBA", "RGB"), ("LA", "L")])
def test_alpha_is_laid_on_white(tmp_path: Path, mode: str, wanted: str) -> None:
    path = tmp_path / "page.png"
    clear = picture().convert(mode)
    clear.putalpha(Image.new("L", clear.size, 0))
    clear.paste(picture().convert(mode).crop((0, 0, 10, 10)), (0, 0))
    clear.save(path)

    image = read(path).image

    assert image.mode == wanted
    assert image.convert("L").getpixel((0, 0)) == 20
    assert image.convert("L").getpixel((WIDTH - 1, HEIGHT - 1)) == 255


def test_palette_with_and_without_transparency(tmp_path: Path) -> None:
    page = picture().quantize(4)
    light = page.getpixel((WIDTH - 1, HEIGHT - 1))
    page.save(tmp_path / "opaque.png")
    page.save(tmp_path / "clear.png", transparency=light)

    opaque, clear = (read(tmp_path / name).image for name in ("opaque.png", "clear.png"))

    assert opaque.mode == clear.mode == "RGB"
    assert difference(opaque, picture()) <= 2
    assert clear.getpixel((WIDTH - 1, HEIGHT - 1)) == (255, 255, 255)
    assert difference(clear.crop((0, 0, 60, 20)), picture().crop((0, 0, 60, 20))) <= 2


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_transparent_colour_becomes_white(mode: str) -> None:
    page = Image.new(mode, (2, 2), 0)
    page.info["transparency"] = (0, 0, 0) if mode == "RGB" else 0

    image = plain(page)

    assert image.mode in ("L", "RGB")
    assert image.convert("L").getpixel((0, 0)) == 255


@pytest.mark.parametrize("mode", ["PA", "La", "RGBa", "RGBX", "HSV", "CMYK", "I;16L", "P"])
def test_modes_no_scanner_writes(mode: str) -> None:
    assert plain(Image.new(mode, (3, 2))).mode in ("L", "RGB")


@given(
    st.sampled_from(["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F"]),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_any_mode_keeps_its_size(mode: str, width: int, height: int) -> None:
    image = plain(Image.new(mode, (width, height)))
    assert image.mode in ("1", "L", "RGB")
    assert image.size == (width, height)


def test_simplest_keeps_the_pixels() -> None:
    colour = noise((9, 9))
    grey = colour.convert("L")
    bilevel = grey.point(lambda value: 255 if value > 100 else 0)

    assert simplest(colour) is colour
    for image, mode in ((grey.convert("RGB"), "L"), (grey, "L"), (bilevel.convert("RGB"), "1")):
        assert simplest(image).mode == mode
        assert difference(simplest(image), image) == 0
    two_greys = bilevel.point(lambda value: min(value, 200))
    assert simplest(two_greys).mode == "L"


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize(
    ("orientation", "undo"),
    [
        (1, None),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),  # stored turned left, so that turning right shows it
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_exif_orientation_is_undone(
    tmp_path: Path, suffix: str, orientation: int, undo: Image.Transpose | None
) -> None:
    path = tmp_path / f"page{suffix}"
    stored = picture() if undo is None else picture().transpose(undo)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options: dict[str, Any] = {}
    if suffix == ".jpg":
        options = {"quality": 95, "subsampling": 0}
    elif suffix == ".webp":
        options = {"lossless": True}
    stored.save(path, exif=exif, **options)

    image = read(path).image

    assert difference(image, picture()) <= (20 if suffix == ".jpg" else 0)
    assert ORIENTATION not in image.getexif()
    assert image.info == {}


def test_corrupt_exif_does_not_cost_the_page(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    picture().save(path, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0\xff\xff")
    assert read(path).image.size == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("dpi", "wanted"), [(300, 300), (72, 72), (1, None), (9600, None), (0, None)]
)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_resolution_that_makes_sense(
    tmp_path: Path, suffix: str, dpi: int, wanted: int | None
) -> None:
    path = tmp_path / f"page{suffix}"
    picture().save(path, dpi=(dpi, dpi))
    assert read(path).dpi == (wanted if wanted is None else pytest.approx(wanted, abs=0.1))


def test_no_resolution(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    picture().save(path)
    assert read(path).dpi is None


def test_frames_of_a_tiff_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "register.tif"
    frames = [picture(60, 40), picture(30, 50).convert("1"), picture(20, 20).convert("L")]
    frames[0].save(path, save_all=True, append_images=frames[1:])

    pages = sources(path)

    assert pages == tuple(Source(path, frame) for frame in range(3))
    loaded = [load(page, max_pixels=10_000, dpi=300).image for page in pages]
    assert [image.mode for image in loaded] == ["RGB", "1", "L"]
    assert [image.tobytes() for image in loaded] == [image.tobytes() for image in frames]
    for page, frame in zip(pages, frames, strict=True):
        extracted = extract(page, max_pixels=10_000, dpi=300)
        assert extracted.suffix == ".png"
        with Image.open(BytesIO(extracted.data)) as written:
            assert written.mode == frame.mode
            assert written.tobytes() == frame.tobytes()


def test_thumbnail_in_a_tiff_is_no_page(tmp_path: Path) -> None:
    first, last = tmp_path / "first.tif", tmp_path / "last.tif"
    page, thumbnail = picture(), picture(15, 10)
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    page.save(last, save_all=True, append_images=[thumbnail])
    page.encoderinfo = {"tiffinfo": {}}
    thumbnail.save(first, save_all=True, append_images=[page], tiffinfo={254: 1})

    assert sources(last) == (Source(last),)
    assert sources(first) == (Source(first, 1),)
    assert [read(path, frame).image.size for path, frame in ((last, None), (first, 1))] == [
        page.size,
        page.size,
    ]


def test_frame_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "register.tif"
    picture().save(path, save_all=True, append_images=[picture()])
    with pytest.raises(DamagedImage, match="Page 3: "):
        read(path, 2)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_other_formats_are_one_page_whatever_their_frames(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    options: dict[str, Any] = {"lossless": True} if suffix == ".webp" else {}
    picture().save(path, save_all=True, append_images=[Image.new("RGB", (60, 40))], **options)
    assert sources(path) == (Source(path),)
    assert difference(read(path).image, picture()) <= 2


def test_mpo_is_one_page(tmp_path: Path) -> None:
    path = tmp_path / "photograph.jpg"
    picture().save(path, "MPO", save_all=True, append_images=[picture()])
    assert sources(path) == (Source(path),)
    assert read(path).image.size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        (".jpg", {}),
        (".jpg", {"progressive": True}),
        (".png", {}),
        (".webp", {}),
        (".jp2", {}),
        (".tif", {}),
        (".tif", {"compression": "tiff_lzw"}),
    ],
)
def test_cut_off_image_is_damaged(
    tmp_path: Path, suffix: str, options: dict[str, Any], keep: float
) -> None:
    path = tmp_path / f"page{suffix}"
    noise().save(path, **options)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])

    with pytest.raises(DamagedImage) as caught:
        read(path)

    assert caught.value.path == str(path)
    assert caught.value.hint


@pytest.mark.parametrize("compression", ["group4", "group3", "tiff_lzw", "packbits"])
def test_cut_off_strip_is_damaged(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "page.tif"
    page = noise().convert("1" if compression.startswith("group") else "L")
    path.write_bytes(tiff_with_header_first(page, compression, 1.0))
    assert read(path).image.tobytes() == page.tobytes()

    path.write_bytes(tiff_with_header_first(page, compression, 0.5))
    with pytest.raises(DamagedImage):
        read(path)


def test_text_chunk_that_swells_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(
        png(8, 0, b"\0\0\0\0\0" * 4, (b"zTXt", b"a\0\0" + zlib.compress(bytes(5_000_000))))
    )
    with pytest.raises(DamagedImage):
        read(path)


def test_text_chunks_of_good_size_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    text = PngInfo()
    text.add_text("Title", "Registre paroissial" * 100, zip=True)
    picture().save(path, pnginfo=text)
    assert read(path).image.info == {}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_escapes_unmapped(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    suffix = data.draw(st.sampled_from([".jpg", ".png", ".webp", ".jp2", ".tif", ".gif"]))
    buffer = BytesIO()
    picture(12, 9).save(
        buffer, {".jpg": "JPEG", ".jp2": "JPEG2000", ".tif": "TIFF"}.get(suffix, suffix[1:].upper())
    )
    content = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / f"mangled{suffix}"
    path.write_bytes(content)

    try:
        pages = sources(path)
        for page in pages[:3]:
            load(page, max_pixels=1_000_000, dpi=300)
    except Exception as error:
        from htr.errors import InputError

        assert isinstance(error, InputError)  # noqa: PT017
        assert error.path == str(path)  # noqa: PT017


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["1", "L", "RGB"]),
    st.lists(st.tuples(st.integers(2, 40), st.integers(2, 40)), min_size=2, max_size=4),
)
def test_extracted_frame_opens_as_it_was_loaded(
    tmp_path_factory: pytest.TempPathFactory, mode: str, sizes: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, written = folder / "register.tif", folder / "page.png"
    frames = [picture(*size).convert(mode) for size in sizes]
    frames[0].save(path, save_all=True, append_images=frames[1:])

    for source, size in zip(sources(path), sizes, strict=True):
        extracted = extract(source, max_pixels=10_000, dpi=300)
        written.write_bytes(extracted.data)
        again = read(written).image
        assert again.size == extracted.loaded.image.size == size
        assert again.tobytes() == extracted.loaded.image.tobytes()
