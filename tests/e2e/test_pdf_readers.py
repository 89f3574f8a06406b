"""What PDF readers make of an exported register: its text, where it lies, and its images."""

from __future__ import annotations

import statistics
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pdf_readers import READERS, Reader, by_pdfium, mupdf, poppler, word_boxes
from pikepdf import pdfa
from PIL import Image

from htr.document.description import Description
from htr.document.geometry import Baseline, Box
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.document.text import direction, graphemes
from htr.exchange.pdf.document import PdfOptions, write_register
from htr.exchange.pdf.metadata import Metadata
from htr.exchange.register import PageFile, register
from htr.formats import write_alto

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
METADATA = Metadata(datetime(2026, 1, 1, tzinfo=UTC), "htr", Description("Registre", "fr"))
EXACT, OVERLAP = 0.95, 0.6
Tool = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Exported:
    """A register, the PDF of it, and its pages as ALTO has them."""

    files: Sequence[PageFile]
    pages: Sequence[Page]
    pdf: Path


@pytest.fixture(scope="module", params=["sample", "test pages"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    if request.param == "sample":
        files = register([SAMPLE])
    else:
        files = register([request.getfixturevalue("corpora") / "test"])[::3][:20]
    pdf = tmp_path_factory.mktemp("pdf") / "register.pdf"
    write_register(files, pdf, PdfOptions(METADATA))
    return Exported(files, [file.read() for file in files], pdf)


@pytest.fixture(scope="module")
def _poppler(tool: Tool) -> None:
    tool("pdftotext", "poppler-utils")


@pytest.fixture(scope="module")
def _readers(tool: Tool, _poppler: None) -> None:
    tool("mutool", "mupdf-tools")


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.usefixtures("_readers")
def test_readers_give_back_every_line(exported: Exported, reader: Reader) -> None:
    """A line is exact where it stands whole in one line of what the reader gives.

    Readers may put the cells of a table's row into one line, and join the halves of a split word:
    hence no more than that, and no hyphen at the end.
    """
    found = [
        line in given
        for page, text in zip(exported.pages, reader(exported.pdf), strict=True)
        for given in ["\n".join(map(_plain, text.splitlines()))]
        for line in _lines(page)
    ]
    assert len(found) > 150
    assert sum(found) >= EXACT * len(found)


@pytest.mark.usefixtures("_poppler")
def test_words_lie_where_alto_has_them(exported: Exported) -> None:
    overlaps = [
        max((_overlap(box, place) for text, place in found if text == word), default=0.0)
        for number, page in enumerate(exported.pages)
        for boxes in [list(_boxes(page))]
        for found in [_in_pixels(exported, number) if boxes else []]
        for word, box in boxes
    ]
    assert len(overlaps) > 100
    assert statistics.median(overlaps) >= OVERLAP


def test_it_is_valid_pdfa(exported: Exported) -> None:
    report = pdfa.validate_written(exported.pdf, "3b")
    assert report.passed, report.summary()


def test_qpdf_finds_nothing_wrong(tmp_path: Path, tool: Tool) -> None:
    pdf = tmp_path / "register.pdf"
    write_register(register([SAMPLE]), pdf, PdfOptions(METADATA))
    command = [tool("qpdf", "qpdf"), "--check", str(pdf)]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_images_and_alto_come_out_as_they_went_in(exported: Exported) -> None:
    with pikepdf.open(exported.pdf) as pdf:
        for file, page, leaf in zip(exported.files, exported.pages, pdf.pages, strict=True):
            (image,) = leaf.resources.XObject.values()
            assert image.read_raw_bytes() == file.image(page).read_bytes()
            assert pdf.attachments[f"{file.name}.xml"].get_file().read_bytes() == (
                file.path.read_bytes()
            )


@pytest.mark.usefixtures("_readers")
def test_search_finds_a_word_that_a_hyphen_splits(tmp_path: Path) -> None:
    pdf = tmp_path / "marriage.pdf"
    write_register(register([SAMPLE / "mariage-1811.xml"]), pdf, PdfOptions(METADATA))
    assert "rand, né et domicilié" in mupdf(pdf)[0]  # it is split
    assert "tisserand, né et" in poppler(pdf)[0]
    assert "tisse-rand, né et" in by_pdfium(pdf)[0]  # where "-" stands for the join


@pytest.mark.usefixtures("_readers")
@pytest.mark.parametrize("reader", ["poppler", "mupdf", "pdfium", "pdfminer"])
def test_any_script_comes_back_in_logical_order(tmp_path: Path, reader: str) -> None:
    texts = ["ספר הזכרונות של הקהל", "بسم الله الرحمن", "q\u0303ue dud\u1d57 œuvre ꝑ"]
    if reader in ("mupdf", "pdfium"):  # the others misplace numbers or lose a space beside them
        texts.append("בשנת 1827 נולד")
    lines = tuple(_line(text, 200 + 100 * number) for number, text in enumerate(texts))
    page = Page("p", ImageRef("p.png", 1000, 800), (Region("r", lines=lines),))
    (tmp_path / "p.xml").write_bytes(write_alto(page))
    Image.new("L", (1000, 800), 255).save(tmp_path / "p.png")
    pdf = tmp_path / "p.pdf"
    write_register(register([tmp_path / "p.xml"]), pdf, PdfOptions(METADATA))
    (given,) = READERS[reader](pdf)
    found = _plain("".join(c for c in given if unicodedata.category(c) != "Cf"))
    for text in texts:
        assert text in found


@pytest.mark.usefixtures("_readers")
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_lines_with_words_far_apart_come_back_whole(tmp_path: Path, reader: Reader) -> None:
    """As hands write them, and margins; on a page full of them poppler is soon to see columns."""
    words = ("36", "ledit", "jour", "comparut", "Pierre")
    lines = tuple(
        Line(
            f"l{row}",
            Baseline(((50, 100.0 + 60 * row), (1450, 100.0 + 60 * row))),
            words=tuple(
                Word(
                    tuple(Glyph(letter) for letter in word),
                    Box(left, 65.0 + 60 * row, left + 28 * len(word), 110.0 + 60 * row),
                    space=Space(),
                )
                for word, left in zip(words, (50, 200, 430 + 9 * row % 40, 640, 1200), strict=True)
            ),
        )
        for row in range(20)
    )
    Image.new("L", (1500, 1400), 255).save(tmp_path / "p.png")
    page = Page("p", ImageRef("p.png", 1500, 1400), (Region("r", lines=lines),))
    (tmp_path / "p.xml").write_bytes(write_alto(page))
    write_register(register([tmp_path]), tmp_path / "p.pdf", PdfOptions(METADATA))
    (text,) = reader(tmp_path / "p.pdf")
    assert [_plain(line) for line in text.splitlines() if line.strip()] == [" ".join(words)] * 20


def test_jpeg_2000_pages_break_no_rule(tmp_path: Path) -> None:
    with Image.open(SAMPLE / "mariage-1811.jpg") as image:
        image.save(tmp_path / "mariage-1811.jp2", irreversible=True, quality_layers=[40])
    alto = (SAMPLE / "mariage-1811.xml").read_bytes()
    (tmp_path / "p.xml").write_bytes(alto.replace(b"mariage-1811.jpg", b"mariage-1811.jp2"))
    pdf = tmp_path / "p.pdf"
    write_register(register([tmp_path / "p.xml"]), pdf, PdfOptions(METADATA))
    report = pdfa.validate_written(pdf, "3b")
    assert not report.violations
    assert report.unsupported  # the validator reads no JPEG 2000: what docs/pdf.md says of it


def _line(text: str, y: float) -> Line:
    words = [Word(tuple(map(Glyph, graphemes(word))), space=Space()) for word in text.split()]
    words[-1] = replace(words[-1], space=None)
    baseline = Baseline(((100, y), (100 + 20 * len(text), y)))
    return Line(f"l{y}", baseline, words=tuple(words), direction=direction(text))


def _plain(text: str) -> str:
    return " ".join(text.replace("¬", "-").split())


def _lines(page: Page) -> Iterator[str]:
    for line in page.lines:
        text = _plain(line.text).removesuffix("-")
        if text:
            yield text


def _boxes(page: Page) -> Iterator[tuple[str, Box]]:
    for line in page.lines:
        for word in line.words:
            if word.box is not None and word.box.width and word.box.height:
                yield word.text, word.box


def _in_pixels(exported: Exported, number: int) -> list[tuple[str, Box]]:
    with pikepdf.open(exported.pdf) as pdf:
        width = float(pdf.pages[number].mediabox[2])
    scale = exported.pages[number].image.width / width
    return [
        (text, Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale))
        for text, box in word_boxes(exported.pdf, number + 1)
    ]


def _overlap(one: Box, two: Box) -> float:
    """Intersection over union."""
    shared = one.intersection(two)
    return shared / (one.width * one.height + two.width * two.height - shared)
