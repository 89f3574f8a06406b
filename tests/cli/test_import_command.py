"""`htr import` from the command line: what it prints, what it leaves, its exit codes."""

import shutil
from pathlib import Path

import pytest

from htr.cli import main
from htr.formats import read_file

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "sample"


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main(["import", *map(str, arguments)])
    return int(str(end.value.code)), capsys.readouterr().err


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Two pages of the sample."""
    (tmp_path / "in").mkdir()
    for name in ("cloture-1875", "mariage-1811"):
        for suffix in (".jpg", ".xml"):
            shutil.copy(SAMPLE / f"{name}{suffix}", tmp_path / "in")
    return tmp_path / "in"


def test_pages_come_in_and_again_are_left_alone(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, err = call(capsys, scans, "-o", tmp_path / "alto")
    assert (code, "2 pages imported" in err) == (0, True)
    code, err = call(capsys, scans, "-o", tmp_path / "alto")
    assert (code, "2 pages unchanged" in err) == (0, True)
    assert call(capsys, scans, "-o", tmp_path / "alto", "-q") == (0, "")


def test_ground_truth_is_signed_and_kept(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = ("--ground-truth", "--by", "Anne Martin")
    assert call(capsys, scans, "-o", tmp_path / "alto", *truth)[0] == 0
    page = read_file(tmp_path / "alto" / "mariage-1811.xml")
    assert page.corrected
    assert page.steps[-1].agency == "Anne Martin"
    code, err = call(capsys, scans, "-o", tmp_path / "alto", "--force")
    assert (code, "2 pages kept" in err) == (0, True)
    assert "mariage-1811.xml" in err
    assert "--overwrite-corrections" in err
    code, err = call(capsys, scans, "-o", tmp_path / "alto", "--overwrite-corrections")
    assert (code, "2 pages imported" in err) == (0, True)


def test_a_bad_page_is_named_at_the_end_and_the_code_is_8(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (scans / "mariage-1811.jpg").write_text("<html>")
    code, err = call(capsys, scans, "-o", tmp_path / "alto", "-q")
    assert code == 8
    assert "mariage-1811.jpg" in err
    assert [path.name for path in (tmp_path / "alto").glob("*.xml")] == ["cloture-1875.xml"]


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["none"], 3, "none"),
        (["file:///etc/hostname"], 3, "http"),
        (["http://127.0.0.1:1/m.json"], 3, "--allow-private"),
        (["in", "--by", "Anne"], 2, "--ground-truth"),
        (["in/mariage-1811.jpg"], 3, "mariage-1811.jpg"),
        (["cut.zip"], 3, "cut.zip"),
    ],
)
def test_what_stops_it_names_the_source_and_the_remedy(
    scans: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    word: str,
) -> None:
    assert scans.is_dir()
    (tmp_path / "cut.zip").write_bytes(b"PK\3\4")
    monkeypatch.chdir(tmp_path)
    found, err = call(capsys, *arguments, "-o", "alto")
    assert (found, word in err) == (code, True)
    assert not Path("alto").exists()
