"""What PDF readers find in a PDF: the text of its pages, as each reader gives it back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
from lxml import etree
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from htr.document.geometry import Box

# A page of which PDFium joins the halves of a split word has this where the hyphen stood.
_JOINED = "\x02"


def poppler(pdf: Path) -> list[str]:
    """The text of each page by pdftotext, which finds the reading order itself."""
    return _run("pdftotext", pdf, "-").split("\f")[:-1]


def poppler_raw(pdf: Path) -> list[str]:
    """The text of each page by pdftotext, in the order of the file."""
    return _run("pdftotext", "-raw", pdf, "-").split("\f")[:-1]


def mupdf(pdf: Path) -> list[str]:
    """The text of each page by mutool."""
    return _run("mutool", "draw", "-q", "-F", "txt", pdf).split("\f")[:-1]


def by_pdfium(pdf: Path) -> list[str]:
    """The text of each page by PDFium, which Chromium's own viewer is made of."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [text.replace(_JOINED, "-") for text in texts]


def pdfminer(pdf: Path) -> list[str]:
    """The text of each page by pdfminer.six, with its own analysis of the layout."""
    return [
        "".join(part.get_text() for part in page if isinstance(part, LTTextContainer))
        for page in extract_pages(pdf)
    ]


Reader = Callable[[Path], list[str]]
READERS: Mapping[str, Reader] = {
    "poppler": poppler,
    "poppler-raw": poppler_raw,
    "mupdf": mupdf,
    "pdfium": by_pdfium,
    "pdfminer": pdfminer,
}


def word_boxes(pdf: Path, page: int) -> list[tuple[str, Box]]:
    """The words of a page (from 1) with their boxes in points, origin top left, by poppler."""
    number = str(page)
    html = _run("pdftotext", "-bbox", "-f", number, "-l", number, pdf, "-")
    root = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
    sides = ("xmin", "ymin", "xmax", "ymax")
    return [
        (word.text or "", Box(*(float(word.get(side, "0")) for side in sides)))
        for word in root.iter("word")
    ]


def _run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout.decode()
