"""`htr evaluate` from the command line: a table, JSON, and errors with a remedy."""

import json
from pathlib import Path

import pytest
from PIL import Image

from htr.api import write_page
from htr.cli import main
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Step, Word
from htr.document.page_error import Estimate, as_settings


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


def with_confidences(text: str, read: bool) -> Page:
    values = (0.9, 0.8, 0.3, 0.9, 0.95)
    words = (
        Word(tuple(Glyph(c, confidence=v) for c, v in zip(text, values, strict=True)), None, 0.2),
    )
    line = Line("l1", words=words, confidence=0.7)
    settings = as_settings(Estimate(0.15, 0.1, 0.25, 5))
    steps = (Step("recognition", "r", settings=settings),) if read else ()
    return Page("p", ImageRef("p.jpg", 10, 10), (Region("r", lines=(line,)),), 0.7, steps)


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    write_page(with_confidences("maire", read=False), tmp_path / "truth" / "p1.xml")
    write_page(with_confidences("maine", read=True), tmp_path / "read" / "p1.xml")
    return tmp_path


def test_confidences_are_judged_if_asked(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(capsys, "evaluate", judged / "truth", judged / "read")
    assert code == 0
    assert "ECE" not in out
    _code, out, _err = call(capsys, "evaluate", judged / "truth", judged / "read", "--confidence")
    assert "ECE" in out
    # one word at 20 %, wrong; of five glyphs all are right but the fourth
    rows = [row.split() for row in out.splitlines()]
    assert ["words", "1", "20.0", "%", "0.0", "%", "0.200", "0.200", "–"] in rows
    assert any(row[:6] == ["glyphs", "5", "77.0", "%", "80.0", "%"] for row in rows)
    assert "Lines by confidence" in out
    assert "1 page foretold its CER; for 1 (100 %) it lies in the interval (90 %)." in out


def test_json_always_has_what_confidences_are_worth(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("evaluate", judged / "truth", judged / "read", "--format", "json")
    report = json.loads(call(capsys, *arguments)[1])
    assert report["reliability"]["words"]["calibration_error"] == 0.2
    assert report["reliability"]["glyphs"]["count"] == 5
    assert sum(each["count"] for each in report["reliability"]["glyphs"]["bins"]) == 5
    assert [one["share"] for one in report["least_confident_words"]] == [0.05, 0.1, 0.2, 0.4]
    assert report["lines_by_confidence"] == [
        {"from": 0.7, "to": 0.8, "lines": 1, "characters": 5, "cer": 0.2}
    ]
    assert report["expected_cer"] == {"pages": 1, "covered": 1}


def test_without_confidences_nothing_is_said_of_them(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("evaluate", folders / "truth", folders / "read")
    assert "have no confidences" in call(capsys, *arguments, "--confidence")[1]
    assert "reliability" not in json.loads(call(capsys, *arguments, "--format", "json")[1])
    code, _out, err = call(capsys, *arguments, "--diagram", folders / "d.png")
    assert code == 3
    assert "nothing to draw" in err
    assert not (folders / "d.png").exists()


def test_the_diagram_is_a_picture(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = judged / "d.png"
    code, _out, err = call(capsys, "evaluate", judged / "truth", judged / "read", "--diagram", file)
    assert code == 0, err
    with Image.open(file) as image:
        assert image.format == "PNG"
        assert image.width > 300
