"""htr export mets, iiif and escriptorium from the command line."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from htr.cli import main
from htr.errors import ExitCode
from htr.formats.iiif_reader import ImageService, read_manifest
from htr.formats.mets_reader import read_mets

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
NAMES = [
    "cloture-1875",
    "deliberations-1875",
    "mariage-1811",
    "repertoire-notaire-1827",
    "table-decennale-1863-1872",
]
DESCRIBED = (
    *("--title", "Mariages", "--lang", "fr", "--creator", "Archives"),
    *("--source", "3E12", "--licence", "CC0"),
)


def export(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["export", *map(str, arguments)])
    return int(stop.value.code or 0)


def test_mets(tmp_path: Path) -> None:
    assert export("mets", SAMPLE, "-o", tmp_path, *DESCRIBED) == ExitCode.OK
    data = (tmp_path / "mets.xml").read_bytes()
    assert [page.label for page in read_mets(data)] == NAMES
    for text in (b">Mariages<", b">fr<", b">Archives<", b">3E12<", b">CC0<"):
        assert text in data
    assert len(list((tmp_path / "images").iterdir())) == 5


def test_mets_over_its_own_source_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("mets", SAMPLE, "-q", "-o", tmp_path, "--no-images") == ExitCode.OK
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.xml")}
    assert export("mets", tmp_path / "alto", "-o", tmp_path) == ExitCode.CONFLICT
    assert "stands here already" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.xml")} == before


def test_iiif(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("iiif", SAMPLE, "-o", tmp_path / "mariages") == ExitCode.OK
    error = capsys.readouterr().err
    assert "--base" in error
    assert "11 files written" in error
    manifest = read_manifest((tmp_path / "mariages" / "manifest.json").read_bytes())
    assert manifest.label == "mariages"
    assert [canvas.label for canvas in manifest.canvases] == NAMES
    assert manifest.canvases[0].id == "http://localhost:8000/canvas/cloture-1875"


def test_iiif_with_an_image_service(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = ("--image-base", "https://i.example/iiif/2", "--image-api", 2, "--no-words")
    arguments = (*service, "--base", "https://a.example/3e12", *DESCRIBED)
    assert export("iiif", SAMPLE, "-o", tmp_path, *arguments) == ExitCode.OK
    assert "--base" not in capsys.readouterr().err
    root = json.loads((tmp_path / "manifest.json").read_bytes())
    assert root["label"] == {"fr": ["Mariages"]}
    assert root["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/"
    (first, *_others) = read_manifest(json.dumps(root).encode()).canvases
    url = "https://i.example/iiif/2/cloture-1875.jpg"
    assert first.image == ImageService(url, 2, 1200, 1600, 1)
    assert not (tmp_path / "images").exists()
    annotations = (tmp_path / "annotations" / "mariage-1811.json").read_text(encoding="utf-8")
    assert '"line"' in annotations
    assert '"word"' not in annotations


@pytest.mark.parametrize("option", ["--base", "--image-base"])
def test_addresses_must_be_addresses(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("iiif", SAMPLE, "-o", tmp_path, option, "a.example") == ExitCode.USAGE
    assert "https://" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_escriptorium(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.zip"
    assert export("escriptorium", SAMPLE, "-o", target, *DESCRIBED) == ExitCode.OK
    assert "1 file written" in capsys.readouterr().err
    with ZipFile(target) as archive:
        assert len(archive.namelist()) == 11
        assert [page.label for page in read_mets(archive.read("METS.xml"))] == NAMES
    assert export("escriptorium", SAMPLE, "-o", tmp_path) == ExitCode.USAGE


@pytest.mark.parametrize("name", ["mets", "iiif"])
def test_a_bad_page_is_told_by_the_exit_code(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in sorted(SAMPLE.glob("mariage*")):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "bad.xml").write_text("<alto/>")
    assert export(name, folder, "-o", tmp_path / "out") == ExitCode.PAGES_FAILED
    error = capsys.readouterr().err
    assert "bad.xml" in error
    assert "3 files written" in error
