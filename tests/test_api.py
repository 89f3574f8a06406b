"""What the commands do, from Python."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image

from htr.api import evaluate, export_page, read_page, transcribe, write_page
from htr.document.page import ImageRef, Line, Page, Region
from htr.errors import BadXml, NotFound, NotReadable, OutputError
from htr.formats.hocr_reader import read_hocr
from htr.formats.json_page import read_json


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "p1.png"
    Image.new("L", (300, 200), 255).save(path)
    return path


def test_transcribe_read_and_evaluate(scan: Path, tmp_path: Path) -> None:
    seen = []
    summary = transcribe(
        scan, tmp_path / "a", lambda result, _tally: seen.append(result), model="fake", jobs=1
    )
    assert summary.done == len(seen) == 1
    page = read_page(tmp_path / "a" / "p1.xml")
    assert page.text.startswith("L'an mil huit cent\nle vingt-deux mars")
    transcribe([scan], tmp_path / "b", model="fake", jobs=1)
    found = evaluate(tmp_path / "a", tmp_path / "b", normalisation="loose", match="page")
    assert found.scores.cer == 0
    assert found.scores.characters.length == len(page.text)


def test_a_page_is_written_and_read_again(tmp_path: Path) -> None:
    page = Page("p", ImageRef("p.jpg", 9, 9), (Region("r", lines=(Line("l"),)),), confidence=0.5)
    write_page(page, tmp_path / "new" / "p.xml")
    assert read_page(tmp_path / "new" / "p.xml") == page
    write_page(replace(page, confidence=None), tmp_path / "new" / "p.xml", version="4.2")
    assert read_page(str(tmp_path / "new" / "p.xml")).confidence is None
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["p.xml"]


def test_a_page_is_exported(tmp_path: Path) -> None:
    page = Page("p", ImageRef("p.jpg", 9, 9), (Region("r", lines=(Line("l"),)),), confidence=0.5)
    forms: tuple[Literal["page", "hocr", "json", "text"], ...] = ("page", "hocr", "json", "text")
    for form in forms:
        export_page(page, tmp_path / form, form)
    assert read_page(tmp_path / "page") == page
    assert read_hocr((tmp_path / "hocr").read_bytes()) == (page,)
    assert read_json((tmp_path / "json").read_bytes()) == page
    assert (tmp_path / "text").read_bytes() == b""


def test_errors_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.xml"):
        read_page(tmp_path / "none.xml")
    with pytest.raises(NotReadable, match=str(tmp_path)):
        read_page(tmp_path)
    (tmp_path / "bad.xml").write_text("bad")
    with pytest.raises(BadXml, match=r"bad\.xml"):
        read_page(tmp_path / "bad.xml")
    with pytest.raises(OutputError, match=r"p\.xml"):
        write_page(Page("p", ImageRef("p.jpg", 9, 9)), tmp_path / "bad.xml" / "p.xml")


def test_a_misspelled_setting_is_an_error(scan: Path, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="jbos"):
        transcribe(scan, tmp_path / "out", jbos=2)
