from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from htr.cli import main

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        main(["export", "pdf", *map(str, arguments), "-q"])
    return int(left.value.code or 0)


def test_a_register_becomes_one_pdf_with_what_was_said_of_it(tmp_path: Path) -> None:
    target = tmp_path / "1 D 12.pdf"
    options = ("--lang", "fr", "--creator", "Archives", "--source", "1 D 12", "--licence", "CC0")
    assert run(SAMPLE, "-o", target, *options) == 0
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 5
        assert str(pdf.docinfo.Title) == "1 D 12"
        assert str(pdf.docinfo.Author) == "Archives"
        assert pdf.Root.Lang == "fr"


def test_one_per_page_goes_on_after_a_bad_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "alto"
    folder.mkdir()
    for name in ("mariage-1811.xml", "mariage-1811.jpg", "cloture-1875.xml"):
        (folder / name).write_bytes((SAMPLE / name).read_bytes())
    assert run(folder, "-o", tmp_path / "out", "--one-per-page", "--title", "Registre") == 8
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mariage-1811.pdf"]
    assert "cloture-1875.xml" in capsys.readouterr().err


def test_a_bad_page_stops_a_whole_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alto = tmp_path / "mariage-1811.xml"
    alto.write_bytes((SAMPLE / alto.name).read_bytes())
    target = tmp_path / "register.pdf"
    assert run(alto, "-o", target) == 3
    assert "mariage-1811.jpg" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize(
    "options",
    [("--bitonal", "--image-quality", "50"), ("--lang", "français"), ("--pdfa", "1b")],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert run(SAMPLE, "-o", tmp_path / "register.pdf", *options) == 2


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert run(SAMPLE, "-o", tmp_path) == 2
