"""The table has a row a line, and Excel's form is the same table."""

import csv
import io

import pytest
from format_strategies import pages
from hypothesis import HealthCheck, given, settings
from test_alto_writer import GOLDEN, page_of, sample

from htr.document.geometry import Baseline
from htr.document.page import Line, Page
from htr.formats.lines_csv import COLUMNS, write_csv
from htr.formats.words import plain_words


def rows(data: bytes, delimiter: str = ",", encoding: str = "utf-8") -> list[dict[str, str]]:
    text = io.StringIO(data.decode(encoding), newline="")
    return list(csv.DictReader(text, delimiter=delimiter, strict=True))


def number(text: str) -> float | None:
    return float(text) if text else None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_lines_can_be_read_from_it(page: Page) -> None:
    found = rows(write_csv([("dossier/p 1", page)]))
    expected = [(region, line) for region in page.regions for line in region.lines]
    for row, (region, line) in zip(found, expected, strict=True):
        assert (row["page"], row["image"]) == ("dossier/p 1", page.image.name)
        assert (row["region"], row["region_type"]) == (region.id, region.kind or "")
        assert (row["line"], row["line_type"]) == (line.id, line.kind or "")
        assert row["text"] == line.text
        assert number(row["confidence"]) == line.confidence
        assert row["corrected"] == ("yes" if line.corrected else "no")
        box = tuple(number(row[side]) for side in ("left", "top", "right", "bottom"))
        known = line.box
        assert box == ((known.left, known.top, known.right, known.bottom) if known else (None,) * 4)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_excel_has_the_same_table(page: Page) -> None:
    plain = rows(write_csv([("p", page)]))
    excel = rows(write_csv([("p", page)], excel=True), ";", "utf-8-sig")
    numbers = ("confidence", "left", "top", "right", "bottom")
    for row in plain:
        for column, cell in row.items():
            if column in numbers:
                row[column] = cell.replace(".", ",")
            elif cell.startswith(("=", "+", "-", "@")):
                row[column] = f"'{cell}"
    assert excel == plain


def test_golden_files() -> None:
    for name, excel in (("register.csv", False), ("register-excel.csv", True)):
        assert write_csv([("p1", sample())], excel=excel) == (GOLDEN / name).read_bytes()


def test_excel_in_french() -> None:
    line = Line("l", Baseline(((1.5, 2), (3, 4))), words=plain_words("=1+1;"), confidence=0.93)
    data = write_csv([("p", page_of(line))], excel=True)
    assert data.startswith(b"\xef\xbb\xbfpage;image;")
    assert data.endswith(b';l;;"\'=1+1;";0,93;no;1,5;2;3;4\r\n')


@pytest.mark.parametrize("excel", [False, True])
def test_no_page_is_a_row_of_names(excel: bool) -> None:
    data = write_csv([], excel=excel).decode("utf-8-sig")
    assert data == (";" if excel else ",").join(COLUMNS) + "\r\n"
