"""`htr evaluate` from the command line: a table, JSON, and errors with a remedy."""

import json
from pathlib import Path

import pytest

from htr.api import write_page
from htr.cli import main
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Word


def page(text: str) -> Page:
    line = Line("l1", words=(Word(tuple(map(Glyph, text))),))
    return Page("p", ImageRef("p.jpg", 10, 10), (Region("r", lines=(line,)),))


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    write_page(page("maire"), tmp_path / "truth" / "1875" / "p1.xml")
    write_page(page("maine"), tmp_path / "read" / "1875" / "p1.xml")
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main([*map(str, arguments)])
    out, err = capsys.readouterr()
    return int(str(end.value.code)), out, err


def test_the_table(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(capsys, "evaluate", folders / "truth", folders / "read")
    assert code == 0
    assert "20.0 %" in out
    assert "1875/p1" in out


def test_the_json(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(
        capsys, "evaluate", folders / "truth", folders / "read", "--format", "json"
    )
    assert code == 0
    report = json.loads(out)
    assert (report["cer"], report["wer"], report["characters"]) == (0.2, 1.0, 5)
    assert report["collections"]["1875"]["cer"] == 0.2
    assert report["pages"][0]["name"] == "1875/p1"
    assert report["confusions"] == [{"truth": "r", "prediction": "n", "count": 1}]


def test_what_is_not_there_is_3(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = call(capsys, "evaluate", folders / "truth", folders / "none")
    assert code == 3
    assert "none" in err
    assert "Check" in err
