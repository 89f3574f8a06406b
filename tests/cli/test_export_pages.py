"""`htr export` of the formats that make a file of a page, as a user runs it."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from htr.cli import main
from htr.document.page import Page
from htr.errors import ExitCode
from htr.formats import read_file
from htr.formats.hocr_reader import read_hocr
from htr.formats.json_page import read_json

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
NAMES = sorted(path.stem for path in SAMPLE.glob("*.xml"))


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["export", *map(str, arguments)])
    return int(ended.value.code or 0)


def one_hocr(path: Path) -> Page:
    (page,) = read_hocr(path.read_bytes())
    return page


@pytest.mark.parametrize(
    ("form", "suffix", "read"),
    [
        ("page", ".xml", read_file),
        ("hocr", ".hocr", one_hocr),
        ("json", ".json", lambda path: read_json(path.read_bytes())),
    ],
)
def test_a_file_for_each_page(
    form: str, suffix: str, read: Callable[[Path], Page], tmp_path: Path
) -> None:
    assert run(form, SAMPLE, "-o", tmp_path / "out", "-q") == ExitCode.OK
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"{name}{suffix}" for name in NAMES
    ]
    for name in NAMES:
        original, found = (
            read_file(SAMPLE / f"{name}.xml"),
            read(tmp_path / "out" / (name + suffix)),
        )
        assert found.text == original.text
        assert [line.polygon for line in found.lines] == [line.polygon for line in original.lines]
        image = tmp_path / "out" / found.image.name
        assert image.samefile(SAMPLE / original.image.name)


def test_options_of_page_and_hocr(tmp_path: Path) -> None:
    assert run("page", SAMPLE, "-o", tmp_path, "--version", "2024", "-q") == ExitCode.OK
    assert b"pagecontent/2024-07-15" in (tmp_path / f"{NAMES[0]}.xml").read_bytes()
    assert run("hocr", SAMPLE, "-o", tmp_path, "--lang", "fr", "-q") == ExitCode.OK
    for place, name in enumerate(NAMES):
        text = (tmp_path / f"{name}.hocr").read_text(encoding="utf-8")
        assert f"; ppageno {place}" in text
        assert 'lang="fr"' in text
    assert run("hocr", SAMPLE, "-o", tmp_path, "--lang", "français") == ExitCode.USAGE


def test_text_in_files_and_in_one(tmp_path: Path) -> None:
    assert run("text", SAMPLE, "-o", tmp_path / "out", "-q") == ExitCode.OK
    assert run("text", SAMPLE, "-o", tmp_path / "all.txt", "-q") == ExitCode.OK
    pages = [(tmp_path / "out" / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES]
    assert (tmp_path / "all.txt").read_text(encoding="utf-8") == "\f".join(pages)
    for name, text in zip(NAMES, pages, strict=True):
        expected = [line for line in read_file(SAMPLE / f"{name}.xml").text.split("\n") if line]
        assert [line for line in text.split("\n") if line] == expected
    joined = tmp_path / "joined.txt"
    assert run("text", SAMPLE, "-o", joined, "--join-hyphens", "-q") == ExitCode.OK
    whole = joined.read_text(encoding="utf-8")
    assert "tisserand" in whole
    assert "tisserand" not in "".join(pages)


def test_tables(tmp_path: Path) -> None:
    assert run("csv", SAMPLE, "-o", tmp_path / "plain.csv", "-q") == ExitCode.OK
    assert run("csv", SAMPLE, "-o", tmp_path / "excel.csv", "--excel", "-q") == ExitCode.OK
    with (tmp_path / "plain.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [line.text for name in NAMES for line in read_file(SAMPLE / f"{name}.xml").lines]
    assert [row["text"] for row in rows] == texts
    assert list(dict.fromkeys(row["page"] for row in rows)) == NAMES
    assert (tmp_path / "excel.csv").read_bytes().startswith(b"\xef\xbb\xbfpage;image;")


def test_tei_says_what_it_is_told(tmp_path: Path) -> None:
    facts = {
        "--title": "Délibérations",
        "--creator": "Archives de Valmorin",
        "--source": "1 D 12",
        "--licence": "CC BY 4.0",
        "--lang": "fr",
    }
    options = [part for pair in facts.items() for part in pair]
    assert run("tei", SAMPLE, "-o", tmp_path / "r.xml", *options, "-q") == ExitCode.OK
    root = etree.parse(str(tmp_path / "r.xml")).getroot()
    said = {
        etree.QName(element).localname: element.text or element.get("ident")
        for element in root.iter("{*}title", "{*}publisher", "{*}idno", "{*}licence", "{*}language")
    }
    assert sorted(filter(None, said.values())) == sorted(facts.values())
    assert len(root.findall(".//{*}surface")) == len(NAMES)
    assert run("tei", SAMPLE, "-o", tmp_path / "1 D 13.xml", "-q") == ExitCode.OK
    assert etree.parse(str(tmp_path / "1 D 13.xml")).findtext(".//{*}title") == "1 D 13"


@pytest.mark.parametrize("form", ["page", "hocr", "tei", "text", "csv", "json"])
def test_a_bad_page_costs_itself(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = SAMPLE / f"{NAMES[0]}.xml"
    (tmp_path / "bad.xml").write_text("<alto/>")
    assert run(form, good, tmp_path / "bad.xml", "-o", tmp_path / "out") == ExitCode.PAGES_FAILED
    said = capsys.readouterr().err
    assert "bad.xml: The ALTO file describes no page." in said
    assert f"1 file written: {tmp_path / 'out'}" in said
    assert (tmp_path / "out").exists()


def test_a_folder_without_pages_and_one_that_would_be_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("page", tmp_path, "-o", tmp_path / "out") == ExitCode.INPUT
    path = tmp_path / "alto" / "p.xml"
    path.parent.mkdir()
    path.write_bytes((SAMPLE / f"{NAMES[0]}.xml").read_bytes())
    assert run("page", path.parent, "-o", path.parent) == ExitCode.CONFLICT
    assert path.read_bytes() == (SAMPLE / f"{NAMES[0]}.xml").read_bytes()
    assert str(path) in capsys.readouterr().err
