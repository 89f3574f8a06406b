"""Pages into one table, a line of writing a row: for spreadsheets, databases and statistics."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from htr.document.page import Line, Page, Region
from htr.formats.values import number_text

COLUMNS = (
    "page",
    "image",
    "region",
    "region_type",
    "line",
    "line_type",
    "text",
    "confidence",
    "corrected",
    "left",
    "top",
    "right",
    "bottom",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(pages: Iterable[tuple[str, Page]], *, excel: bool = False) -> bytes:
    """Return a row for each line of (name, page) pairs, in order, below a row of column names.

    By RFC 4180: UTF-8, commas, quotes where they are needed, CR LF. Boxes are in pixels, around
    polygon and baseline; confidences from 0 to 1 with a point; what is unknown is empty. With
    `excel`, as Excel opens it in French and most of Europe: a byte order mark, semicolons, decimal
    commas, and a `'` before a cell that Excel would take for a formula.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if excel else ",")
    writer.writerow(COLUMNS)
    for name, page in pages:
        for region in page.regions:
            for line in region.lines:
                cells = _cells(name, page, region, line)
                writer.writerow(map(_as_excel_has_it, cells) if excel else map(_plain, cells))
    encoding = "utf-8-sig" if excel else "utf-8"
    return text.getvalue().encode(encoding, errors="replace")


def _cells(name: str, page: Page, region: Region, line: Line) -> Iterator[str | float | None]:
    yield from (name, page.image.name, region.id, region.kind, line.id, line.kind, line.text)
    yield line.confidence
    yield "yes" if line.corrected else "no"
    box = line.box
    yield from (None,) * 4 if box is None else (box.left, box.top, box.right, box.bottom)


def _plain(cell: str | float | None) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else number_text(cell)


def _as_excel_has_it(cell: str | float | None) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return _plain(cell).replace(".", ",")
