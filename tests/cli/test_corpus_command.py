"""`htr corpus` from the command line: what it prints, what it writes, its exit codes."""

import io
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from lxml import html

from htr.cli import main
from htr.corpus.tars import read_tar
from htr.formats import read_file

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "sample"


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["corpus", *map(str, arguments)])
    captured = capsys.readouterr()
    return int(str(end.value.code)), captured.out, captured.err


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """The sample, each page in a folder of its own."""
    for path in SAMPLE.glob("*.xml"):
        folder = tmp_path / "truth" / path.stem
        folder.mkdir(parents=True)
        shutil.copy(path, folder)
        shutil.copy(path.with_suffix(".jpg"), folder)
    return tmp_path / "truth"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def spoil(truth: Path) -> Path:
    """Make a Cyrillic letter of a Latin one on a page; return the page."""
    path = sorted(truth.glob("*/*.xml"))[0]
    text = path.read_text(encoding="utf-8")
    spoiled = re.sub(r'(<String CONTENT="[^"]*?)e', "\\1\u0435", text, count=1)
    assert spoiled != text
    path.write_text(spoiled, encoding="utf-8")
    return path


def test_check_prints_what_it_finds(truth: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = spoil(truth)
    code, out, _err = call(capsys, "check", truth, "--model", "none")
    assert code == 0
    assert out.startswith("5 pages, ")
    assert "е (U+0435) · of another script than its word, rare · 1 time" in out
    assert f"{path.parent.name}/{path.stem}" in out
    assert out.rstrip().endswith("1 finding is most likely a mistake.")


def test_check_is_strict_when_asked(truth: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strict = ("check", truth, "--model", "none", "--strict", "-q")
    assert call(capsys, *strict) == (0, "", "")
    spoil(truth)
    assert call(capsys, *strict) == (8, "", "")


def test_check_as_json_has_all_of_it(truth: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = spoil(truth)
    path.with_suffix(".jpg").unlink()
    code, out, _err = call(capsys, "check", truth, "--model", "none", "--json", "--rare", "0")
    report = json.loads(out)
    assert (code, report["pages"], report["model"], report["serious"]) == (0, 5, None, 2)
    (finding,) = report["findings"]
    assert (finding["kind"], finding["serious"]) == ("image", True)
    (odd,) = report["characters"]
    assert (odd["code"], odd["reasons"]) == ("U+0435", ["confusable"])
    assert odd["places"][0]["page"] == f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize(("language", "title"), [("en", "Check of a corpus"), ("fr", None)])
def test_check_writes_a_page(
    language: str,
    title: str | None,
    truth: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTR_LANG", language)
    spoil(truth)
    report = tmp_path / "report.html"
    assert call(capsys, "check", truth, "--model", "none", "--report", report, "-q")[0] == 0
    tree = html.parse(str(report)).getroot()
    assert tree.get("lang") == language
    assert title is None or tree.findtext(".//h1") == title
    assert "U+0435" in tree.text_content()
    assert not tree.xpath("//script | //link | //img[not(starts-with(@src, 'data:'))]")


def test_stats_are_printed(truth: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(capsys, "stats", truth, "-q")
    assert code == 0
    assert "all together" in out
    assert sum(line.startswith("mariage-1811 ") for line in out.splitlines()) == 1
    code, out, _err = call(capsys, "stats", truth, "--json", "--by", "document")
    report = json.loads(out)
    assert report["total"]["pages"] == 5
    assert sum(report["alphabet"].values()) == report["total"]["characters"]


def test_stats_name_pages_that_cannot_be_read(
    truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (truth / "mariage-1811" / "mariage-1811.xml").write_text("<alto>")
    code, _out, err = call(capsys, "stats", truth, "-q")
    assert code == 8
    assert "mariage-1811.xml" in err


def test_split_writes_lists_that_lines_and_transcribe_take(
    truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = tmp_path / "lists"
    shares = ("--val", "20 %", "--test", "0,2")
    code, out, err = call(capsys, "split", truth, "-o", lists, *shares, "--seed", "3")
    assert code == 0
    assert [row.split()[0] for row in out.splitlines()] == ["part", "train", "val", "test"]
    assert str(lists) in err
    record = tomllib.loads((lists / "split.toml").read_text(encoding="utf-8"))
    assert record["val"]["share"] == 0.2
    tar = tmp_path / "lines.tar"
    code, _out, err = call(capsys, "lines", truth, "-o", tar, "--split", lists, "--height", "48")
    assert (code, "lines written" in err) == (0, True)
    lines = read_tar(tar)
    for part in ("train", "val", "test"):
        pages = {line.page for line in lines if line.split == part}
        assert {page.partition("/")[0] for page in pages} == set(record[part]["groups"])
    assert max(line.strip().height for line in lines) == 48


@pytest.mark.parametrize(
    "options",
    [
        ("--val", "60%", "--test", "40%"),
        ("--val", "much"),
        ("--val", "-1%"),
        ("--hands", "hands.csv"),
    ],
)
def test_splits_that_make_no_sense_are_refused(
    options: tuple[str, ...], truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, "split", truth, "-o", tmp_path / "lists", *options)[0] == 2
    assert not (tmp_path / "lists").exists()


def test_no_lines_make_no_tar(
    truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _out, err = call(capsys, "lines", truth, "-o", tmp_path / "l.tar", "--without", "")
    assert (code, "no line" in err) == (3, True)
    assert not (tmp_path / "l.tar").exists()


def test_normalise_shows_first_and_changes_when_told(
    truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("from,to,remark\n',’,curly\n’,',straight\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in truth.rglob("*.xml")}
    code, out, _err = call(capsys, "normalise", truth, "--table", table)
    assert code == 0
    assert re.search(r"2: ' → ’ \(curly\): \d+ times in \d+ lines", out)
    assert "[' → ’]" in out
    assert "“3: ’ → '” brings back what “2: ' → ’” replaces" in out
    assert "Nothing is to be changed." in out
    table.write_text("from,to\nre:\\bde\\b,DE\n", encoding="utf-8")
    code, out, _err = call(capsys, "normalise", truth, "--table", table)
    assert "--apply does it" in out
    assert {path: path.read_bytes() for path in truth.rglob("*.xml")} == before
    code, out, _err = call(capsys, "normalise", truth, "--table", table, "--apply", "--json")
    changes = json.loads(out)["changes"]
    assert all(change["before"].replace("de", "DE").count("DE") for change in changes)
    (backup,) = tmp_path.glob("truth-before-normalise-*")
    assert {path.relative_to(backup) for path in backup.rglob("*.xml")} == {
        path.relative_to(truth) for path in before if path.read_bytes() != before[path]
    }
    for path in backup.rglob("*.xml"):
        kept = truth / path.relative_to(backup)
        assert path.read_bytes() == before[kept]
        assert read_file(kept).text == re.sub(r"\bde\b", "DE", read_file(path).text)


def test_normalise_needs_something_to_replace(
    truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _out, err = call(capsys, "normalise", truth)
    assert (code, "--table" in err) == (2, True)


def test_known_corpora_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(capsys, "fetch")
    assert code == 0
    assert "lectaurep-bronod\n  Notaires de Paris - Bronod, 1742–1745\n" in out
    assert "CC-BY 4.0 https://creativecommons.org/licenses/by/4.0/" in out


def test_the_licence_is_shown_and_must_be_agreed_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _out, err = call(capsys, "fetch", "lectaurep-bronod", "-o", tmp_path / "bronod")
    assert code == 130
    assert "CC-BY 4.0" in err
    assert not (tmp_path / "bronod").exists()


def test_an_unknown_corpus_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = call(capsys, "fetch", "nowhere")
    assert (code, "“nowhere”" in err) == (3, True)


@pytest.mark.model
def test_the_real_model_finds_a_page_whose_lines_slipped(
    truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _err = call(capsys, "check", truth, "--json", "-q")
    assert code == 0
    good = json.loads(out)
    assert good["model"] is not None
    assert good["cer"] < 0.5
    assert not [one for one in good["findings"] if one["kind"] in ("elsewhere", "fit", "cut")]
    path = truth / "mariage-1811" / "mariage-1811.xml"
    text = path.read_text(encoding="utf-8")
    lines = re.findall(r"(?s)(?<=</Shape>)\s*<String.*?(?=</TextLine>)", text)
    assert len(lines) > 10
    pieces = re.split(r"(?s)(?<=</Shape>)\s*<String.*?(?=</TextLine>)", text)
    moved = [*lines[1:], lines[0]]
    slipped = "".join(a + b for a, b in zip(pieces, [*moved, ""], strict=True))
    path.write_text(slipped, encoding="utf-8")
    report = tmp_path / "report.html"
    code, out, _err = call(capsys, "check", truth, "--json", "--report", report, "--strict")
    assert code == 8
    found = json.loads(out)
    elsewhere = {one["page"] for one in found["findings"] if one["kind"] == "elsewhere"}
    assert elsewhere == {"mariage-1811/mariage-1811"}
    assert [one["page"] for one in found["doubtful"]] == ["mariage-1811/mariage-1811"]
    tree = html.parse(str(report)).getroot()
    assert len(tree.xpath("//img[starts-with(@src, 'data:image/webp')]")) > 5
