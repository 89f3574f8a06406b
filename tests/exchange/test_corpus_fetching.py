"""Corpora are fetched whole or not at all, checked, and their licence is recorded."""

import hashlib
import io
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from web_server import Answer, Web, web_server

from htr.cli import main
from htr.corpus.descriptors import Descriptor, descriptor, known, read_descriptor
from htr.corpus.fetching import Fetched, fetch
from htr.errors import (
    DamagedArchive,
    DownloadFailed,
    InputError,
    NotFound,
    OutputError,
    UnsafeArchive,
)
from htr.exchange.download import Client, Manners

YAML = """
schema: https://htr-united.github.io/schema/2022-04-15/schema.json
title: Notaires
url: https://example.org/notaires
authors:
- name: Alix
  surname: Chagué
- surname: Desauthieux
description: Registers
license: {{name: CC-BY 4.0, url: https://creativecommons.org/licenses/by/4.0/}}
time: {{notBefore: '1742', notAfter: '1745'}}
volume:
- {{metric: lines, count: 3702}}
archive:
  url: {url}
  {more}
"""


def a_zip(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = b"0a1b2c3d"
        for name, text in files.items():
            archive.writestr(f"notaires-main/{name.replace('__', '/')}.xml", text)
    return buffer.getvalue()


DATA = a_zip(data__p1="<alto/>", data__p2="<alto></alto>", readme="<x/>" * 5000)
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as server:
        yield server


@pytest.fixture
def client() -> Iterator[Client]:
    manners = Manners(pause=0.0, tries=1, timeout=2.0, allow_private=True)
    with Client(manners, lambda _seconds: None) as made:
        yield made


@pytest.fixture
def corpus(web: Web, tmp_path: Path) -> Descriptor:
    return described(tmp_path, web.file("/notaires.zip", DATA))


def described(tmp_path: Path, url: str, more: str = "") -> Descriptor:
    path = tmp_path / "notaires.yml"
    path.write_text(YAML.format(url=url, more=more), encoding="utf-8")
    return read_descriptor(path)


def clock() -> datetime:
    return datetime(2026, 1, 2, tzinfo=UTC)


def test_a_corpus_is_unpacked_and_its_licence_recorded(
    corpus: Descriptor, client: Client, tmp_path: Path
) -> None:
    folder = tmp_path / "notaires"
    found = fetch(corpus, folder, client, clock=clock)
    assert found == Fetched(folder, 3, DIGEST, "first", True)
    assert (folder / "data" / "p1.xml").read_text() == "<alto/>"
    record = tomllib.loads((folder / "SOURCE.toml").read_text(encoding="utf-8"))
    assert record["authors"] == ["Alix Chagué", "Desauthieux"]
    assert record["licence"] == "CC-BY 4.0"
    assert record["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (record["sha256"], record["checked"], record["commit"]) == (DIGEST, False, "0a1b2c3d")
    assert (record["files"], record["size"]) == (3, len(DATA))
    assert record["fetched"] == "2026-01-02T00:00:00+00:00"
    assert sorted(path.name for path in folder.iterdir()) == ["SOURCE.toml", "data", "readme.xml"]


def test_what_is_there_is_not_fetched_again_unless_asked(
    corpus: Descriptor, client: Client, web: Web, tmp_path: Path
) -> None:
    folder = tmp_path / "notaires"
    fetch(corpus, folder, client)
    asked = len(web.asked)
    assert fetch(corpus, folder, client) == Fetched(folder, 3, DIGEST, "same", False)
    assert len(web.asked) == asked
    assert fetch(corpus, folder, client, again=True).trust == "same"
    web.file("/notaires.zip", a_zip(other="<x/>"))
    assert fetch(corpus, folder, client, again=True).trust == "changed"


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.upper()])
def test_an_archive_is_held_against_its_descriptor(
    digest: str, web: Web, client: Client, tmp_path: Path
) -> None:
    url = web.file("/notaires.zip", DATA)
    corpus = described(tmp_path, url, f"sha256: {digest}\n  size: {len(DATA)}")
    assert fetch(corpus, tmp_path / "good", client).trust == "described"
    with pytest.raises(DownloadFailed, match="not the one described"):
        fetch(replace(corpus, sha256="0" * 64), tmp_path / "bad", client)
    assert list((tmp_path / "bad").iterdir()) == []


def test_a_download_that_breaks_off_goes_on(web: Web, client: Client, tmp_path: Path) -> None:
    url = web.file("/notaires.zip", DATA, Answer(cut=5000))
    corpus, folder = described(tmp_path, url), tmp_path / "notaires"
    with pytest.raises(DownloadFailed):
        fetch(corpus, folder, client)
    (part,) = folder.iterdir()
    assert 0 < part.stat().st_size <= 5000
    assert fetch(corpus, folder, client).sha256 == DIGEST
    assert web.asked[-1].headers["Range"] == "bytes=5000-"


def test_an_archive_larger_than_described_is_cut_short(
    web: Web, client: Client, tmp_path: Path
) -> None:
    corpus = described(tmp_path, web.file("/notaires.zip", DATA), "size: 1000")
    with pytest.raises(DownloadFailed, match="sends more"):
        fetch(corpus, tmp_path / "notaires", client)


def test_archives_that_leave_their_folder_are_refused(
    web: Web, client: Client, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../evil.xml", "<x/>")
    corpus = described(tmp_path, web.file("/notaires.zip", buffer.getvalue()))
    with pytest.raises(UnsafeArchive):
        fetch(corpus, tmp_path / "a" / "notaires", client)
    assert not list(tmp_path.rglob("evil.xml"))


def test_what_is_no_archive_leaves_nothing_that_looks_finished(
    web: Web, client: Client, tmp_path: Path
) -> None:
    corpus = described(tmp_path, web.file("/notaires.zip", b"<html>not here</html>"))
    with pytest.raises(DamagedArchive):
        fetch(corpus, tmp_path / "notaires", client)
    assert not (tmp_path / "notaires" / "SOURCE.toml").exists()


def test_a_folder_of_other_files_is_left_alone(
    corpus: Descriptor, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "p1.xml").write_text("<alto/>")
    with pytest.raises(OutputError, match="other files"):
        fetch(corpus, tmp_path / "mine", client)


def test_the_shipped_descriptors_are_complete() -> None:
    found = known()
    assert len(found) >= 8
    for one in found:
        assert one.title
        assert one.authors
        assert one.description
        assert one.licence == "CC-BY 4.0"
        assert one.archive.startswith("https://github.com/")
        assert one.archive.startswith(one.url)
        assert descriptor(one.name.upper()) == one


def test_the_shipped_descriptors_speak_french_too(monkeypatch: pytest.MonkeyPatch) -> None:
    english = {one.name: one.description for one in known()}
    monkeypatch.setenv("HTR_LANG", "fr")
    for one in known():
        assert one.description not in ("", english[one.name])


@pytest.mark.parametrize(
    "text",
    ["", "title: x", "- a", "title: [", YAML.format(url="https://x.org/a.zip", more="size: big")],
)
def test_descriptors_that_are_none_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"bad\.yml"):
        descriptor(str(path))


def test_unknown_corpora_are_told() -> None:
    with pytest.raises(NotFound, match="nowhere"):
        descriptor("nowhere")


def test_the_command_says_what_it_trusts(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    described(tmp_path, web.file("/notaires.zip", DATA))
    folder = tmp_path / "here"
    command = ["corpus", "fetch", str(tmp_path / "notaires.yml"), "--yes", "-o", str(folder)]
    said = []
    for more in (["--allow-private"], [], ["--again", "--allow-private"]):
        with pytest.raises(SystemExit) as end:
            main([*command, *more])
        assert end.value.code == 0
        said.append(capsys.readouterr().err)
    assert "CC-BY 4.0 https://creativecommons.org/licenses/by/4.0/" in said[0]
    assert f"it is {DIGEST}" in said[0]
    assert f"3 files: {folder}" in said[0]
    assert "It is there already" in said[1]
    assert "the same as before" in said[2]


def test_the_command_stays_out_of_private_networks(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    described(tmp_path, web.file("/notaires.zip", DATA))
    with pytest.raises(SystemExit) as end:
        main(
            ["corpus", "fetch", str(tmp_path / "notaires.yml"), "--yes", "-o", str(tmp_path / "x")]
        )
    assert end.value.code == 3
    assert "--allow-private" in capsys.readouterr().err
    assert web.asked == []
