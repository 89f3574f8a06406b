from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from pikepdf import Dictionary, Pdf, Stream
from PIL import Image, ImageOps

from htr.errors import DamagedImage, ImageTooLarge, NotAnImage
from htr.exchange.pdf.content import IMAGE, content
from htr.exchange.pdf.font import Codes
from htr.exchange.pdf.images import ImageOptions, Scan, embed
from htr.exchange.pdf.metadata import srgb_profile
from htr.exchange.pdf.placement import Sheet

AS_IT_IS = ImageOptions()
GENERATOR = np.random.default_rng(7)


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Smooth, so that JPEG keeps it, and different in every corner."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    bands = (x * 255 / size[0], y * 255 / size[1], (x + y) * 255 / sum(size))
    return Image.fromarray(np.dstack(bands).astype("u1")).convert(mode)


def saved(folder: Path, name: str, image: Image.Image, **options: Any) -> Path:
    path = folder / name
    image.save(path, **options)
    return path


def shown(scan: Scan, pdf: Pdf) -> Image.Image:
    """A page with nothing but the image, drawn a pixel a pixel."""
    sheet = Sheet(float(scan.pixels[0]), float(scan.pixels[1]), scan.pixels)
    page = pdf.add_blank_page(page_size=(sheet.width, sheet.height))
    page.Contents = Stream(pdf, content(sheet, [], Codes(), orientation=scan.orientation))
    page.Resources = Dictionary(XObject=Dictionary({IMAGE: scan.image}))
    buffer = BytesIO()
    pdf.save(buffer)
    drawn: Image.Image = pdfium.PdfDocument(buffer.getvalue())[0].render(scale=1).to_pil()
    return drawn.convert("RGB")


def difference(one: Image.Image, two: Image.Image) -> float:
    assert one.size == two.size
    pair = (np.asarray(image.convert("RGB")).astype(float) for image in (one, two))
    return float(np.abs(next(pair) - next(pair)).mean())


@pytest.mark.parametrize(
    ("name", "mode", "code"),
    [
        ("a.jpg", "RGB", "/DCTDecode"),
        ("a.jpg", "L", "/DCTDecode"),
        ("a.jp2", "RGB", "/JPXDecode"),
        ("a.jp2", "L", "/JPXDecode"),
    ],
)
def test_files_that_pdf_can_hold_keep_their_bytes(
    tmp_path: Path, name: str, mode: str, code: str
) -> None:
    path = saved(tmp_path, name, picture(mode))
    pdf = Pdf.new()
    scan = embed(pdf, path, AS_IT_IS)
    assert scan.image.read_raw_bytes() == path.read_bytes()
    assert scan.image.Filter == code
    assert difference(shown(scan, pdf), picture(mode)) < 6


@pytest.mark.parametrize(
    ("name", "mode"),
    [("a.png", "RGB"), ("a.png", "L"), ("a.tif", "RGB"), ("a.tif", "L"), ("a.j2k", "RGB")],
)
def test_other_files_lose_nothing(tmp_path: Path, name: str, mode: str) -> None:
    options = {"irreversible": False} if name == "a.j2k" else {}
    pdf = Pdf.new()
    scan = embed(pdf, saved(tmp_path, name, picture(mode), **options), AS_IT_IS)
    assert scan.image.Filter == "/FlateDecode"
    assert difference(shown(scan, pdf), picture(mode)) == 0


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_black_and_white_is_g4(tmp_path: Path, name: str) -> None:
    image = picture("1")
    pdf = Pdf.new()
    scan = embed(pdf, saved(tmp_path, name, image), AS_IT_IS)
    assert str(scan.image.Filter[0]) == "/CCITTFaxDecode"
    assert scan.image.DecodeParms[0].K == -1
    assert difference(shown(scan, pdf), image) == 0


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    samples = (np.asarray(picture("L")).astype("u2")) * 257
    pdf = Pdf.new()
    scan = embed(pdf, saved(tmp_path, "a.png", Image.fromarray(samples)), AS_IT_IS)
    assert scan.image.BitsPerComponent == 8
    assert difference(shown(scan, pdf), picture("L")) == 0


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    pdf = Pdf.new()
    scan = embed(pdf, saved(tmp_path, "a.jpg", picture("CMYK"), quality=95), AS_IT_IS)
    assert scan.image.ColorSpace == "/DeviceRGB"
    assert difference(shown(scan, pdf), picture()) < 6


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    clear = picture("RGBA")
    clear.putalpha(0)
    pdf = Pdf.new()
    scan = embed(pdf, saved(tmp_path, "a.png", clear), AS_IT_IS)
    assert "/SMask" not in scan.image
    assert difference(shown(scan, pdf), Image.new("RGB", clear.size, "white")) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_the_page_is_upright_whatever_exif_says(
    tmp_path: Path, name: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path, name, picture(), exif=exif)
    pdf = Pdf.new()
    scan = embed(pdf, path, AS_IT_IS)
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    assert scan.pixels == upright.size
    assert difference(shown(scan, pdf), upright) < 6
    if name == "a.jpg":
        assert scan.image.read_raw_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_a_colour_profile_is_kept(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, name, picture(), icc_profile=srgb_profile())
    pdf = Pdf.new()
    scan = embed(pdf, path, AS_IT_IS)
    assert scan.image.ColorSpace[1].read_bytes() == srgb_profile()


@pytest.mark.parametrize("profile", [b"no profile", b"\0" * 200, srgb_profile()[:16] + b"LAB "])
def test_a_profile_that_pdfa_does_not_take_is_dropped(tmp_path: Path, profile: bytes) -> None:
    path = saved(tmp_path, "a.jpg", picture(), icc_profile=profile)
    pdf = Pdf.new()
    scan = embed(pdf, path, AS_IT_IS)
    assert scan.image.ColorSpace == "/DeviceRGB"
    assert scan.image.read_raw_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("stated", "asked", "width"),
    [(150, None, 60 * 72 / 150), (150, 300, 60 * 72 / 300), (None, None, 60 * 72 / 300)],
)
def test_the_page_is_as_large_as_the_scan_was(
    tmp_path: Path, stated: int | None, asked: float | None, width: float
) -> None:
    options = {"dpi": (stated, stated)} if stated else {}
    path = saved(tmp_path, "a.jpg", picture(), **options)
    pdf = Pdf.new()
    scan = embed(pdf, path, ImageOptions(dpi=asked))
    assert scan.width == pytest.approx(width, rel=0.001)
    assert scan.height == pytest.approx(width * 40 / 60, rel=0.001)


def test_a_page_is_no_larger_than_pdf_allows(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", Image.new("1", (8000, 4)))
    pdf = Pdf.new()
    scan = embed(pdf, path, ImageOptions(dpi=36))
    assert scan.width == 14400
    assert scan.height == pytest.approx(7.2)


def test_a_quality_makes_it_a_jpeg(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", picture())
    pdf = Pdf.new()
    scan = embed(pdf, path, ImageOptions(quality=80))
    assert scan.image.Filter == "/DCTDecode"
    assert difference(shown(scan, pdf), picture()) < 6


def test_too_fine_an_image_is_made_smaller_and_its_page_is_not(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.jpg", picture(size=(600, 400)), dpi=(300, 300))
    pdf = Pdf.new()
    scan = embed(pdf, path, ImageOptions(max_dpi=100))
    assert (int(scan.image.Width), int(scan.image.Height)) == (200, 133)
    assert (scan.width, scan.height) == (144, 96)
    pdf = Pdf.new()
    finer = embed(pdf, path, ImageOptions(max_dpi=300))
    assert finer.image.read_raw_bytes() == path.read_bytes()


def test_bitonal_finds_ink_on_uneven_paper(tmp_path: Path) -> None:
    paper = np.tile(np.linspace(90, 230, 400), (200, 1))
    ink = np.zeros((200, 400), dtype=bool)
    ink[90:110, 20:380:8] = True
    path = saved(tmp_path, "a.png", Image.fromarray(np.where(ink, paper - 60, paper).astype("u1")))
    pdf = Pdf.new()
    scan = embed(pdf, path, ImageOptions(bitonal=True))
    assert str(scan.image.Filter[0]) == "/CCITTFaxDecode"
    black = np.asarray(shown(scan, pdf).convert("L")) < 128
    assert (black == ink).mean() > 0.99


def test_a_jpeg_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.jpg", picture(size=(600, 400)))
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(DamagedImage) as caught:
        embed(Pdf.new(), path, AS_IT_IS)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("name", ["a.jp2", "a.png", "a.tif"])
def test_other_files_that_break_off_are_refused(tmp_path: Path, name: str) -> None:
    noise = Image.fromarray(GENERATOR.integers(0, 255, (200, 300, 3), dtype="u1"))
    path = saved(tmp_path, name, noise)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DamagedImage):
        embed(Pdf.new(), path, AS_IT_IS)


def test_a_jpeg_2000_without_small_resolutions_is_no_damage(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.jp2", picture(size=(300, 200)), num_resolutions=1)
    pdf = Pdf.new()
    assert embed(pdf, path, AS_IT_IS).image.Filter == "/JPXDecode"


def test_what_is_no_image_or_too_large_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.jpg"
    text.write_text("not an image")
    with pytest.raises(NotAnImage):
        embed(Pdf.new(), text, AS_IT_IS)
    path = saved(tmp_path, "b.jpg", picture())
    with pytest.raises(ImageTooLarge):
        embed(Pdf.new(), path, ImageOptions(max_pixels=100))
