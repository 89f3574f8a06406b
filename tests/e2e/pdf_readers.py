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


def poppler(pdf: Path) -> list[str]:
    """The text of each page by pdftotext, in the order of the content."""
    text = _run("pdftotext", "-raw", "-enc", "UTF-8", pdf, "-").decode()
    return text.split("\f")[:-1]


def mupdf(pdf: Path) -> list[str]:
    """The text of each page by mutool."""
    text = _run("mutool", "draw", "-q", "-F", "txt", pdf).decode()
    return text.split("\f")[:-1]


def pdfium_(pdf: Path) -> list[str]:
    """The text of each page by PDFium, which Chromium's viewer is made of."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def pdfminer(pdf: Path) -> list[str]:
    """The text of each page by pdfminer.six, with its own layout analysis."""
    return [
        "".join(part.get_text() for part in page if isinstance(part, LTTextContainer))
        for page in extract_pages(pdf)
    ]


READERS: Mapping[str, Callable[[Path], list[str]]] = {
    "poppler": poppler,
    "mupdf": mupdf,
    "pdfium": pdfium_,
    "pdfminer": pdfminer,
}


def word_boxes(pdf: Path, page: int) -> list[tuple[str, Box]]:
    """The words of a page (from 1) with their boxes in points, origin top left, by poppler."""
    number = str(page)
    html = _run("pdftotext", "-bbox", "-enc", "UTF-8", "-f", number, "-l", number, pdf, "-")
    root = etree.fromstring(html, etree.HTMLParser(encoding="utf-8"))
    return [
        (
            word.text or "",
            Box(*(float(word.get(name, "0")) for name in ("xmin", "ymin", "xmax", "ymax"))),
        )
        for word in root.iter("word")
    ]


def _run(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
