"""IIIF manifests in: images downloaded, annotations scaled to them, and our own export and back."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from import_sources import SAMPLE, annotations, image, manifest
from PIL import Image
from web_server import Answer, Web, jpeg, web_server

from htr.document.description import Description
from htr.errors import (
    BadManifest,
    DownloadFailed,
    HtrError,
    NameClash,
    NotAnImage,
    RefusedAddress,
)
from htr.exchange.download import Manners
from htr.exchange.iiif import IiifOptions, write_presentation
from htr.exchange.importing import Imported, ImportSettings, import_pages
from htr.exchange.register import register
from htr.formats import read_file

SETTINGS = ImportSettings(manners=Manners(pause=0, tries=2, timeout=1, allow_private=True))
SIZE = (400, 600)
LABEL = "Délibérations du conseil, 1875–1880"
STEM = "deliberations-du-conseil-18751880"


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as server:
        yield server


def picture(shade: int) -> Image.Image:
    return Image.effect_noise(SIZE, shade)


def imported(url: str, output: Path, settings: ImportSettings = SETTINGS) -> tuple[Imported, ...]:
    return import_pages([url], output, settings)


def statuses(results: tuple[Imported, ...]) -> list[str]:
    return [result.status for result in results]


def the_error(results: tuple[Imported, ...]) -> HtrError:
    (error,) = (result.error for result in results if result.error)
    return error


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def images_asked(web: Web) -> list[str]:
    return [asked.path for asked in web.asked if asked.path.endswith("default.jpg")]


def book(web: Web, version: int, pages: int = 2, **more: Any) -> str:
    """Serve a manifest of pages with an image service each; return its address."""
    canvases = [
        {
            "width": 2 * SIZE[0],
            "height": 2 * SIZE[1],
            "service": web.images(f"/iiif/p{number}", picture(60 + number), version),
            **more,
        }
        for number in range(pages)
    ]
    return web.json("/manifest.json", manifest(web.base, canvases, version, LABEL))


@pytest.mark.parametrize("version", [2, 3])
def test_images_come_without_alto_where_there_is_no_text(
    web: Web, tmp_path: Path, version: int
) -> None:
    url = book(web, version)
    assert statuses(imported(url, tmp_path)) == ["image", "image"]
    assert names(tmp_path) == [f"{STEM}-0001.jpg", f"{STEM}-0002.jpg"]
    with Image.open(tmp_path / f"{STEM}-0001.jpg") as found:
        assert found.size == SIZE
    largest = "full" if version == 2 else "max"
    assert images_asked(web) == [f"/iiif/p{n}/full/{largest}/0/default.jpg" for n in range(2)]
    assert statuses(imported(url, tmp_path)) == ["unchanged", "unchanged"]
    assert len(images_asked(web)) == 2


@pytest.mark.parametrize("version", [2, 3])
def test_smaller_images_are_asked_for(web: Web, tmp_path: Path, version: int) -> None:
    assert not [r for r in imported(book(web, version), tmp_path, replace(SETTINGS, max_size=300))
                if r.error]  # fmt: skip
    with Image.open(tmp_path / f"{STEM}-0002.jpg") as found:
        assert found.size == (200, 300)


def test_annotations_are_scaled_to_the_image(web: Web, tmp_path: Path) -> None:
    notes = web.say(
        "/notes", Answer(annotations(web.base, 0, [("Séance du 3 mai", "80,120,400,60")]))
    )
    url = book(web, 3, pages=1, notes=[notes])
    (result,) = imported(url, tmp_path)
    assert result.status == "done"
    page = read_file(result.target)
    (line,) = page.lines
    assert line.text == "Séance du 3 mai"
    assert line.box is not None
    assert (line.box.left, line.box.top, line.box.right, line.box.bottom) == (40, 60, 240, 90)
    assert (page.image.name, page.image.width, page.image.height) == (f"{STEM}-0001.jpg", *SIZE)
    settings = dict(page.steps[-1].settings)
    assert settings["manifest"] == url
    assert settings["canvas"] == f"{web.base}/canvas/0"
    assert settings["label"] == "f. 1"
    asked = len(web.asked)
    assert statuses(imported(url, tmp_path)) == ["unchanged"]
    assert [request.path for request in web.asked[asked:]] == ["/manifest.json"]


def test_an_image_without_service_and_a_local_manifest(web: Web, tmp_path: Path) -> None:
    web.file("/p.png", image("cloture-1875"))
    canvas = {"width": 1200, "height": 1600, "image": f"{web.base}/p.png"}
    web.json("/m", manifest(web.base, [canvas], 3, ""))
    (tmp_path / "m.json").write_bytes(web.answer_of("/m"))
    assert statuses(imported(str(tmp_path / "m.json"), tmp_path / "out")) == ["image"]
    assert (tmp_path / "out" / "page-0001.png").read_bytes() == image("cloture-1875")


def test_what_broke_off_goes_on_in_the_next_run(web: Web, tmp_path: Path) -> None:
    data = jpeg(picture(80))
    off = Answer(cut=len(data) // 2)
    web.file("/p.jpg", data, off, Answer(status=503, body=b"x"))
    canvas = {"width": SIZE[0], "height": SIZE[1], "image": f"{web.base}/p.jpg"}
    url = web.json("/m", manifest(web.base, [canvas], 3, LABEL))
    assert type(the_error(imported(url, tmp_path))) is DownloadFailed
    assert [name.startswith(".") for name in names(tmp_path)] == [True]
    assert statuses(imported(url, tmp_path)) == ["image"]
    assert web.asked[-1].headers["Range"] == f"bytes={len(data) // 2}-"
    assert names(tmp_path) == [f"{STEM}-0001.jpg"]
    assert (tmp_path / f"{STEM}-0001.jpg").read_bytes() == data


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(status=404), DownloadFailed),
        (Answer(b"<html>Please log in</html>"), NotAnImage),
        (Answer(b"\x89PNG and no more"), HtrError),
    ],
)
def test_a_bad_image_costs_its_page(
    web: Web, tmp_path: Path, answer: Answer, kind: type[HtrError]
) -> None:
    web.say("/bad.jpg", answer)
    web.file("/good.jpg", jpeg(picture(80)))
    canvases = [
        {"width": SIZE[0], "height": SIZE[1], "image": f"{web.base}/{name}.jpg"}
        for name in ("bad", "good")
    ]
    results = imported(web.json("/m", manifest(web.base, canvases, 3, LABEL)), tmp_path)
    assert statuses(results) == ["failed", "image"]
    error = the_error(results)
    assert isinstance(error, kind)
    assert error.path == f"{web.base}/bad.jpg"
    assert error.hint
    assert names(tmp_path) == [f"{STEM}-0002.jpg"]


def test_bad_annotations_cost_their_page(web: Web, tmp_path: Path) -> None:
    notes = web.say("/notes", Answer(b"<html>"))
    assert isinstance(
        the_error(imported(book(web, 3, pages=1, notes=[notes]), tmp_path)), BadManifest
    )
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "body", [b"<html>A portal</html>", b'{"type": "Manifest"', b"[]", b'{"type": "Collection"}']
)
def test_what_is_no_manifest_is_one_error(web: Web, tmp_path: Path, body: bytes) -> None:
    url = web.say("/m", Answer(body))
    with pytest.raises(BadManifest) as caught:
        imported(url, tmp_path / "out")
    assert caught.value.path == url
    assert caught.value.hint
    assert not (tmp_path / "out").exists()


def test_private_servers_are_refused_for_images_too(web: Web, tmp_path: Path) -> None:
    canvas = {"width": 1, "height": 1, "image": "http://[::ffff:127.0.0.1]:1/p.jpg"}
    web.json("/m", manifest(web.base, [canvas], 3, LABEL))
    path = tmp_path / "m.json"
    path.write_bytes(web.answer_of("/m"))
    closed = replace(SETTINGS, manners=Manners(pause=0))
    assert type(the_error(imported(str(path), tmp_path / "out", closed))) is RefusedAddress
    with pytest.raises(RefusedAddress):
        imported(f"{web.base}/m", tmp_path / "out", closed)
    assert not web.asked


def test_two_manifests_of_one_label_are_told_apart(web: Web, tmp_path: Path) -> None:
    url = book(web, 3)
    with pytest.raises(NameClash, match="folders"):
        import_pages([url, url], tmp_path / "out", SETTINGS)


@pytest.mark.parametrize("api", [2, 3])
def test_what_goes_out_comes_back(web: Web, tmp_path: Path, api: int) -> None:
    """The sample as a manifest, its images behind an image server, and imported from there."""
    files = register([SAMPLE])
    for file in files:
        with Image.open(io.BytesIO(image(file.name))) as found:
            found.load()
            web.images(f"/iiif/{file.name}.jpg", found, api)
    options = IiifOptions(
        Description("Registre"),
        f"{web.base}/register/",
        10**8,
        image_base=f"{web.base}/iiif",
        image_api=2 if api == 2 else 3,
    )
    write_presentation(files, tmp_path / "www", options)
    for path in (tmp_path / "www").rglob("*.json"):
        place = path.relative_to(tmp_path / "www")
        web.say(f"/register/{place}", Answer(path.read_bytes()))
    results = imported(f"{web.base}/register/manifest.json", tmp_path / "alto")
    assert set(statuses(results)) == {"done"}
    for file, result in zip(files, results, strict=True):
        old, new = file.read(), read_file(result.target)
        assert [line.text for line in new.lines] == [line.text for line in old.lines]
        assert (new.image.width, new.image.height) == (old.image.width, old.image.height)
        assert [region.kind for region in new.regions] == [region.kind for region in old.regions]
        for before, after in zip(old.lines, new.lines, strict=True):
            assert before.box is not None
            assert after.box is not None
            assert before.box.intersection(after.box) > 0.9 * before.box.width * before.box.height
