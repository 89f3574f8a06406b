"""PDF pages: the scan itself where the page is one scan, else the page as it is drawn."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from htr.errors import DamagedPdf, ImageTooLarge, InputError, LockedPdf
from htr.imaging.load import Extracted, extract, load
from htr.imaging.source import Source, sources

PAGE = (300, 400)  # points
SIZE = (600, 800)  # pixels
PLACED = b"q 300 0 0 400 0 0 cm /Scan Do Q\n"
INVISIBLE = b"BT 3 Tr /F1 40 Tf 20 200 Td (BAPTESME) Tj ET\n"
VISIBLE = b"BT 0 Tr /F1 40 Tf 20 200 Td (BAPTESME) Tj ET\n"
BLACK_BOX = b"0 g 20 20 100 100 re f\n"


def scan() -> Image.Image:
    image = Image.new("RGB", SIZE, (230, 220, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((50, 50, 300, 250), fill=(20, 20, 60))
    draw.ellipse((300, 500, 580, 780), fill=(150, 40, 40))
    return image


def jpeg(image: Image.Image, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=90, **options)
    return buffer.getvalue()


def colours(image: Image.Image) -> pikepdf.Name:
    names = {"1": "/DeviceGray", "L": "/DeviceGray", "CMYK": "/DeviceCMYK"}
    return pikepdf.Name(names.get(image.mode, "/DeviceRGB"))


def pdf(
    path: Path,
    content: bytes,
    *,
    data: bytes | None = None,
    image: Image.Image | None = None,
    page: Mapping[str, Any] | None = None,
    encryption: pikepdf.Encryption | None = None,
    pages: int = 1,
    **entries: Any,
) -> Source:
    """Write a PDF of equal pages whose content may show an image as /Scan; return the first."""
    with pikepdf.new() as document:
        shown = image or scan()
        stream = pikepdf.Stream(document, shown.tobytes() if data is None else data)
        defaults = {
            "Type": pikepdf.Name.XObject,
            "Subtype": pikepdf.Name.Image,
            "Width": shown.width,
            "Height": shown.height,
            "BitsPerComponent": 1 if shown.mode == "1" else 8,
            "ColorSpace": colours(shown),
        }
        for key, value in (defaults | entries).items():
            if value is not None:
                stream[f"/{key}"] = value
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for _ in range(pages):
            sheet = document.add_blank_page(page_size=PAGE)
            sheet.Resources = pikepdf.Dictionary(
                XObject=pikepdf.Dictionary(Scan=stream), Font=pikepdf.Dictionary(F1=font)
            )
            sheet.Contents = pikepdf.Stream(document, content)
            for key, value in (page or {}).items():
                sheet[f"/{key}"] = value
        document.save(path, encryption=encryption or False)
    return Source(path, 0)


def taken(source: Source, dpi: int = 72, max_pixels: int = 1_000_000) -> Extracted:
    extracted = extract(source, max_pixels=max_pixels, dpi=dpi)
    with Image.open(BytesIO(extracted.data)) as written:
        assert written.format == {".jpg": "JPEG", ".png": "PNG"}[extracted.suffix]
        assert written.mode == extracted.loaded.image.mode
        assert written.size == extracted.loaded.image.size
        assert written.tobytes() == extracted.loaded.image.tobytes()
    again = load(source, max_pixels=max_pixels, dpi=dpi)
    assert again.image.tobytes() == extracted.loaded.image.tobytes()
    assert again.dpi == extracted.loaded.dpi
    return extracted


def difference(image: Image.Image, wanted: Image.Image) -> float:
    left, right = (np.asarray(one.convert("RGB")).astype(int) for one in (image, wanted))
    assert left.shape == right.shape
    return float(np.abs(left - right).mean())


def test_pages_are_counted_from_0(tmp_path: Path) -> None:
    path = pdf(tmp_path / "register.pdf", PLACED, pages=3).path
    assert sources(path) == (Source(path, 0), Source(path, 1), Source(path, 2))


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}])
@pytest.mark.parametrize("content", [PLACED, PLACED + INVISIBLE, INVISIBLE + PLACED])
def test_jpeg_scan_comes_out_byte_for_byte(
    tmp_path: Path, mode: str, options: dict[str, Any], content: bytes
) -> None:
    image = scan().convert(mode)
    data = jpeg(image, **options)
    source = pdf(
        tmp_path / "scan.pdf", content, data=data, image=image, Filter=pikepdf.Name.DCTDecode
    )

    extracted = taken(source)

    assert extracted.data == data
    assert extracted.suffix == ".jpg"
    assert extracted.loaded.image.size == SIZE
    assert extracted.loaded.image.mode == mode
    assert extracted.loaded.dpi == pytest.approx(144)


def test_what_the_scan_hides_does_not_count(tmp_path: Path) -> None:
    data = jpeg(scan())
    source = pdf(
        tmp_path / "scan.pdf",
        VISIBLE + BLACK_BOX + PLACED,
        data=data,
        Filter=pikepdf.Name.DCTDecode,
    )
    assert taken(source).data == data


def test_text_layer_in_a_form(tmp_path: Path) -> None:
    data = jpeg(scan())
    path = pdf(
        tmp_path / "scan.pdf", PLACED + b"/Text Do", data=data, Filter=pikepdf.Name.DCTDecode
    ).path
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        resources = document.pages[0].Resources
        form = pikepdf.Stream(document, INVISIBLE)
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox, form.Resources = [0, 0, *PAGE], pikepdf.Dictionary(Font=resources.Font)
        resources.XObject.Text = form
        document.save(path)
    assert taken(Source(path, 0)).data == data


@pytest.mark.parametrize(
    "mark",
    [
        b"BT /F1 6 Tf 20 20 Td (No. 3) Tj ET\n",
        b"0 g 20 20 6 6 re f\n",
        b"1 w 20 20 m 60 20 l S\n",
    ],
)
def test_visible_marks_over_a_scan_are_drawn_however_small(tmp_path: Path, mark: bytes) -> None:
    source = pdf(
        tmp_path / "scan.pdf", PLACED + mark, data=jpeg(scan()), Filter=pikepdf.Name.DCTDecode
    )
    extracted = taken(source, dpi=144)
    assert extracted.suffix == ".png"
    assert extracted.loaded.image.size == SIZE
    assert extracted.loaded.dpi == 144
    corner = extracted.loaded.image.convert("L").crop((30, 740, 130, 770))
    assert min(corner.tobytes()) < 130 < 200 < max(corner.tobytes())


@pytest.mark.parametrize(
    "content",
    [
        b"q 200 0 0 300 50 50 cm /Scan Do Q",  # smaller than the page
        b"q 0 400 -300 0 300 0 cm /Scan Do Q",  # turned
        b"q 300 0 0 -400 0 400 cm /Scan Do Q",  # upside down
        b"q 300 0 40 400 0 0 cm /Scan Do Q",  # slanted
        PLACED + b"q 100 0 0 100 0 0 cm /Scan Do Q",  # two images
        BLACK_BOX,  # none
        b"",  # blank
    ],
)
def test_page_that_is_not_one_upright_scan_is_drawn(tmp_path: Path, content: bytes) -> None:
    source = pdf(tmp_path / "page.pdf", content, data=jpeg(scan()), Filter=pikepdf.Name.DCTDecode)
    extracted = taken(source, dpi=144)
    assert extracted.suffix == ".png"
    assert extracted.loaded.image.size == (600, 800)
    assert extracted.loaded.dpi == 144


@pytest.mark.parametrize(
    ("content", "turn"),
    [
        (b"q 280 0 0 380 10 10 cm /Scan Do Q", 0),
        (b"q -300 0 0 -400 300 400 cm /Scan Do Q", 0),
        (PLACED, 90),
        (PLACED, 180),
    ],
)
def test_blank_scan_is_judged_by_its_place_alone(tmp_path: Path, content: bytes, turn: int) -> None:
    blank = Image.new("L", SIZE, 255)
    options: dict[str, Any] = {"data": jpeg(blank), "image": blank}
    options["Filter"] = pikepdf.Name.DCTDecode
    straight = pdf(tmp_path / "straight.pdf", PLACED, **options)
    other = pdf(tmp_path / "other.pdf", content, page={"Rotate": turn}, **options)
    assert taken(straight).suffix == ".jpg"
    assert taken(other).suffix == ".png"


@pytest.mark.parametrize("filtered", [None, pikepdf.Name.FlateDecode])
@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_lossless_scan_comes_out_as_png(tmp_path: Path, mode: str, filtered: Any) -> None:
    image = scan().convert(mode)
    data = None if filtered is None else zlib.compress(image.tobytes())
    extracted = taken(pdf(tmp_path / "scan.pdf", PLACED, data=data, image=image, Filter=filtered))
    assert extracted.suffix == ".png"
    assert extracted.loaded.image.mode == mode
    assert extracted.loaded.image.tobytes() == image.tobytes()
    assert extracted.loaded.dpi == pytest.approx(144)


def test_fax_scan_comes_out_bilevel(tmp_path: Path) -> None:
    image = scan().convert("1")
    buffer = BytesIO()
    image.save(buffer, "TIFF", compression="group4", tiffinfo={278: image.height})
    with Image.open(buffer) as written:
        assert hasattr(written, "tag_v2")
        tags = written.tag_v2
        (start,), (length,) = tags[273], tags[279]
        black_is_1 = tags[262] == 1
    source = pdf(
        tmp_path / "scan.pdf",
        PLACED,
        data=buffer.getvalue()[start : start + length],
        image=image,
        Filter=pikepdf.Name.CCITTFaxDecode,
        DecodeParms=pikepdf.Dictionary(
            K=-1, Columns=image.width, Rows=image.height, BlackIs1=black_is_1
        ),
    )
    extracted = taken(source)
    assert extracted.suffix == ".png"
    assert extracted.loaded.image.mode == "1"
    assert extracted.loaded.image.size == SIZE
    assert difference(extracted.loaded.image, image) == 0


def test_cmyk_jpeg_and_jpeg_2000_are_written_as_png(tmp_path: Path) -> None:
    cmyk = scan().convert("CMYK")
    jp2 = BytesIO()
    scan().save(jp2, "JPEG2000")
    sheets = [
        pdf(
            tmp_path / "cmyk.pdf",
            PLACED,
            data=jpeg(cmyk),
            image=cmyk,
            Filter=pikepdf.Name.DCTDecode,
            Decode=[1, 0] * 4,  # as Photoshop writes them, inverted
        ),
        pdf(tmp_path / "jpx.pdf", PLACED, data=jp2.getvalue(), Filter=pikepdf.Name.JPXDecode),
    ]
    for sheet in sheets:
        extracted = taken(sheet)
        assert extracted.suffix == ".png"
        assert extracted.loaded.image.size == SIZE
        assert difference(extracted.loaded.image, scan()) < 20


def test_jpeg_with_an_exif_orientation_is_shown_as_the_pdf_shows_it(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    source = pdf(
        tmp_path / "scan.pdf",
        PLACED,
        data=jpeg(scan(), exif=exif),
        Filter=pikepdf.Name.DCTDecode,
    )
    extracted = taken(source)
    assert extracted.suffix == ".png"
    assert extracted.loaded.image.size == SIZE
    assert difference(extracted.loaded.image, scan()) < 3


@pytest.mark.parametrize("case", ["inverted", "stencil", "soft mask"])
def test_scan_that_the_page_shows_otherwise_is_drawn(tmp_path: Path, case: str) -> None:
    grey = scan().convert("L")
    path = tmp_path / "page.pdf"
    if case == "inverted":
        source = pdf(
            path, PLACED, data=jpeg(grey), image=grey, Filter=pikepdf.Name.DCTDecode, Decode=[1, 0]
        )
        wanted = grey.point(lambda value: 255 - value)
    elif case == "stencil":
        bilevel = grey.convert("1")
        red = b"1 0 0 rg " + PLACED
        source = pdf(path, red, image=bilevel, ImageMask=True, ColorSpace=None)
        wanted = Image.new("RGB", SIZE, "white")
        wanted.paste((255, 0, 0), mask=bilevel.point(lambda value: 255 - value))
    else:
        source = pdf(path, PLACED, data=jpeg(scan()), Filter=pikepdf.Name.DCTDecode)
        with pikepdf.open(path, allow_overwriting_input=True) as document:
            half = SIZE[0] * SIZE[1] // 2
            mask = pikepdf.Stream(document, bytes(half) + b"\xff" * half)
            mask.Type, mask.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            mask.Width, mask.Height = SIZE
            mask.BitsPerComponent, mask.ColorSpace = 8, pikepdf.Name.DeviceGray
            document.pages[0].Resources.XObject.Scan.SMask = document.make_indirect(mask)
            document.save(path)
        wanted = scan()
        wanted.paste((255, 255, 255), (0, 0, SIZE[0], SIZE[1] // 2))

    extracted = taken(source, dpi=144)

    assert extracted.suffix == ".png"
    assert extracted.loaded.image.size == SIZE
    assert difference(extracted.loaded.image, wanted) < 4


@pytest.mark.parametrize("dpi", [72, 150, 300])
def test_vector_page_is_drawn_at_the_resolution_asked_for(tmp_path: Path, dpi: int) -> None:
    source = pdf(tmp_path / "page.pdf", b"1 0 0 rg 0 0 150 400 re f\n" + VISIBLE)
    extracted = taken(source, dpi=dpi, max_pixels=10_000_000)
    image = extracted.loaded.image
    assert image.size == (300 * dpi // 72, -(-400 * dpi // 72))
    assert image.mode == "RGB"
    assert image.getpixel((2, 2)) == (255, 0, 0)
    assert image.getpixel((image.width - 2, 2)) == (255, 255, 255)


def test_grey_drawing_is_grey(tmp_path: Path) -> None:
    assert taken(pdf(tmp_path / "page.pdf", VISIBLE)).loaded.image.mode == "L"


def test_turned_page_is_drawn_upright(tmp_path: Path) -> None:
    source = pdf(
        tmp_path / "page.pdf",
        PLACED,
        data=jpeg(scan()),
        Filter=pikepdf.Name.DCTDecode,
        page={"Rotate": 90},
    )
    extracted = taken(source, dpi=144)
    assert extracted.suffix == ".png"
    assert extracted.loaded.image.size == (800, 600)
    turned = scan().transpose(Image.Transpose.ROTATE_270)  # clockwise, as /Rotate counts
    assert difference(extracted.loaded.image, turned) < 3


def test_cropped_page_shows_only_the_crop(tmp_path: Path) -> None:
    source = pdf(
        tmp_path / "page.pdf",
        PLACED,
        data=jpeg(scan()),
        Filter=pikepdf.Name.DCTDecode,
        page={"CropBox": [0, 200, 300, 400]},
    )
    extracted = taken(source, dpi=144)
    assert extracted.loaded.image.size == (600, 400)
    assert difference(extracted.loaded.image, scan().crop((0, 0, 600, 400))) < 3


def test_box_that_does_not_start_at_the_origin(tmp_path: Path) -> None:
    data = jpeg(scan())
    source = pdf(
        tmp_path / "page.pdf",
        b"q 300 0 0 400 -50 70 cm /Scan Do Q",
        data=data,
        Filter=pikepdf.Name.DCTDecode,
        page={"MediaBox": [-50, 70, 250, 470]},
    )
    assert taken(source).data == data


def test_notes_put_on_the_page_later_are_left_out(tmp_path: Path) -> None:
    data = jpeg(scan())
    path = pdf(tmp_path / "page.pdf", PLACED, data=data, Filter=pikepdf.Name.DCTDecode).path
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Square,
            Rect=[0, 0, 300, 400],
            IC=[0, 0, 1],
        )
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([note]))
        document.save(path)
    assert taken(Source(path, 0)).data == data


@pytest.mark.parametrize("name", ["Église n° 3 – baptêmes.pdf", "~", "sans nom"])
def test_file_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    data = jpeg(scan())
    source = pdf(Path(name), PLACED, data=data, Filter=pikepdf.Name.DCTDecode)
    assert sources(Path(name)) == (source,)
    assert taken(source).data == data


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_locked(tmp_path: Path, revision: Any) -> None:
    modern = revision > 3
    lock = pikepdf.Encryption(
        user="secret", owner="secret", R=revision, aes=modern, metadata=modern
    )
    source = pdf(tmp_path / "locked.pdf", PLACED, encryption=lock)
    for reader in (sources, lambda path: taken(Source(path, 0))):
        with pytest.raises(LockedPdf, match="--decrypt") as caught:
            reader(source.path)
        assert caught.value.path == str(source.path)


def test_pdf_that_only_its_owner_may_change_is_read(tmp_path: Path) -> None:
    data = jpeg(scan())
    lock = pikepdf.Encryption(user="", owner="secret")
    source = pdf(
        tmp_path / "page.pdf", PLACED, data=data, Filter=pikepdf.Name.DCTDecode, encryption=lock
    )
    assert taken(source).data == data


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\nnothing more", b"plain text"])
def test_broken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    for reader in (sources, lambda path: taken(Source(path, 0))):
        with pytest.raises(DamagedPdf) as caught:
            reader(path)
        assert caught.value.path == str(path)
        assert caught.value.hint


def test_page_that_is_not_there(tmp_path: Path) -> None:
    source = pdf(tmp_path / "page.pdf", PLACED)
    with pytest.raises(DamagedPdf, match="Page 8: "):
        taken(Source(source.path, 7))


def test_scan_that_is_cut_off_is_not_drawn_half(tmp_path: Path) -> None:
    data = jpeg(scan())
    source = pdf(
        tmp_path / "page.pdf", PLACED, data=data[: len(data) // 2], Filter=pikepdf.Name.DCTDecode
    )
    with pytest.raises(DamagedPdf, match="Page 1: "):
        taken(source)


def test_size_is_checked_before_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        pytest.fail("the page was drawn")

    monkeypatch.setattr("pypdfium2.PdfPage.render", fail)
    vector = pdf(tmp_path / "vector.pdf", BLACK_BOX)
    with pytest.raises(ImageTooLarge, match=r"Page 1: .* less than 300 with `--dpi`"):
        taken(vector, dpi=300, max_pixels=1250 * 1667 - 1)
    scanned = pdf(tmp_path / "scan.pdf", PLACED, data=jpeg(scan()), Filter=pikepdf.Name.DCTDecode)
    with pytest.raises(ImageTooLarge, match="600 x 800"):
        taken(scanned, max_pixels=600 * 800 - 1)
    with pytest.raises(ImageTooLarge, match="20000 x 20000"):  # whatever the stream holds
        taken(pdf(tmp_path / "bomb.pdf", PLACED, data=b"", Width=20_000, Height=20_000))


def test_page_at_the_very_limit(tmp_path: Path) -> None:
    source = pdf(tmp_path / "vector.pdf", BLACK_BOX)
    assert taken(source, dpi=300, max_pixels=1250 * 1667).loaded.image.size == (1250, 1667)


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for content in (PLACED, VISIBLE):
        taken(pdf(tmp_path / "page.pdf", content))
    assert capfd.readouterr() == ("", "")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_escapes_unmapped(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "mangled.pdf"
    small = scan().resize((30, 40))
    pdf(path, PLACED + INVISIBLE, data=jpeg(small), image=small, Filter=pikepdf.Name.DCTDecode)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])

    try:
        for source in sources(path)[:3]:
            extract(source, max_pixels=1_000_000, dpi=72)
    except Exception as error:
        assert isinstance(error, InputError)  # noqa: PT017
        assert error.path == str(path)  # noqa: PT017
