"""What a file says before its layout, read alone."""

from pathlib import Path

import pytest

from htr.document.page import ImageRef, Page, Step
from htr.errors import BadXml, EmptyFile
from htr.formats import Header, is_page, read_header, write_alto

STEPS = (
    Step("layout", "Lines", "kraken", "7.1", (("a", "1"), ("a", "b; c: d")), "2026-11-22"),
    Step("correction", "", agency="Archives"),
)
PAGE = Page("p", ImageRef("é/p.jpg", 10, 10, "0f" * 32), steps=STEPS)
HEADER = Header("é/p.jpg", "0f" * 32, STEPS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.xml"


def test_the_header_of_our_own_file(path: Path) -> None:
    path.write_bytes(write_alto(PAGE))
    assert read_header(path) == HEADER
    path.write_bytes(write_alto(Page("p", ImageRef("", 10, 10))))
    assert read_header(path) == Header("", None, ())


def test_the_layout_is_not_looked_at(path: Path) -> None:
    padding = b"\n" * 1_000_000
    path.write_bytes(write_alto(PAGE).replace(b"</PrintSpace>", padding + b"<broken</PrintSpace>"))
    assert read_header(path) == HEADER
    assert is_page(path)


def test_another_identifier_is_no_sha256(path: Path) -> None:
    path.write_bytes(write_alto(PAGE).replace(b'fileIdentifierLocation="sha256"', b""))
    assert read_header(path) == Header("é/p.jpg", None, STEPS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<alto/>",
        b"<alto><Description></alto>",
        b"<PcGts><Page/></PcGts>",
        b"<html><Layout/></html>",
        b"<Layout/>",
    ],
)
def test_what_is_no_alto_has_no_header(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    assert read_header(path) is None


def test_a_missing_file_and_a_folder_have_no_header(tmp_path: Path) -> None:
    assert read_header(tmp_path / "missing.xml") is None
    assert read_header(tmp_path) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<alto/>", True),
        (b"<PcGts xmlns='urn:x'><broken", True),
        (b"<mets/>", False),
        (b"<html><alto/></html>", False),
    ],
)
def test_the_root_says_whether_it_is_a_page(data: bytes, expected: bool, path: Path) -> None:
    path.write_bytes(data)
    assert is_page(path) is expected


@pytest.mark.parametrize(("data", "error"), [(b"", EmptyFile), (b"not xml", BadXml)])
def test_what_has_no_root_is_an_error(data: bytes, error: type[Exception], path: Path) -> None:
    path.write_bytes(data)
    with pytest.raises(error, match=r"p\.xml: "):
        is_page(path)
