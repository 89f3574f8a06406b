"""A manifest's folder: what it names is there, and what it says is true."""

import io
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image
from registers import SIZE, broken, made

from htr.document.description import Description
from htr.errors import BadXml, NotFound
from htr.exchange.iiif import IiifOptions, write_presentation
from htr.exchange.register import register
from htr.formats.iiif_reader import DirectImage, ImageService, read_annotations, read_manifest

BASE = "https://a.example/3e12"
OPTIONS = IiifOptions(Description("Mariages", "fr"), f"{BASE}/", 1_000_000)


def local(output: Path, url: str) -> Path:
    return output / unquote(url.removeprefix(f"{BASE}/"))


def test_what_the_manifest_names_is_there(tmp_path: Path) -> None:
    files = made(tmp_path)
    output = tmp_path / "out"
    outcome = write_presentation(files, output, OPTIONS)
    assert {path for path in output.rglob("*") if path.is_file()} == set(outcome.written)
    manifest = read_manifest((output / "manifest.json").read_bytes())
    for file, canvas in zip(files, manifest.canvases, strict=True):
        assert isinstance(canvas.image, DirectImage)
        image = local(output, canvas.image.url)
        assert image.read_bytes() == file.image(file.read()).read_bytes()
        (url,) = canvas.annotations
        assert isinstance(url, str)
        regions = read_annotations(local(output, url).read_bytes(), canvas)
        assert [line.text for region in regions for line in region.lines] == [file.read().text]
        assert json.loads(local(output, url).read_bytes())["id"] == url


@pytest.mark.parametrize("suffix", [".tif", ".jp2"])
def test_images_that_browsers_do_not_show_become_jpeg(tmp_path: Path, suffix: str) -> None:
    output = tmp_path / "out"
    write_presentation(made(tmp_path, suffix), output, OPTIONS)
    names = sorted(path.name for path in (output / "images").rglob("*.*"))
    assert names == ["p 2#%.jpg", "p1.jpg"]
    with Image.open(io.BytesIO((output / "images" / "p1.jpg").read_bytes())) as image:
        assert (image.format, image.size) == ("JPEG", SIZE)


def test_black_and_white_becomes_jpeg(tmp_path: Path) -> None:
    files = made(tmp_path, ".tif")
    Image.new("1", SIZE).save(tmp_path / "scans" / "p1.tif")
    outcome = write_presentation(files, tmp_path / "out", OPTIONS)
    assert not outcome.failed


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://i.example/iiif", "https://i.example/iiif/1827%20%C3%A9%2Fp%202%23%25.jpg"),
        ("https://i.example/ark:{stem}", "https://i.example/ark:1827%20%C3%A9%2Fp%202%23%25"),
    ],
)
def test_an_image_service_needs_no_image(tmp_path: Path, base: str, url: str) -> None:
    files = made(tmp_path)
    (tmp_path / "scans" / "p1.jpg").unlink()
    output = tmp_path / "out"
    options = replace(OPTIONS, image_base=base, image_api=2)
    assert not write_presentation(files, output, options).failed
    assert not (output / "images").exists()
    canvases = read_manifest((output / "manifest.json").read_bytes()).canvases
    assert canvases[1].image == ImageService(url, 2, *SIZE, 1)


def test_a_page_without_its_image_or_its_size_costs_only_itself(tmp_path: Path) -> None:
    broken(tmp_path)
    path = tmp_path / "alto" / "p1.xml"
    path.write_text(path.read_text().replace('WIDTH="60"', 'WIDTH="0"'))
    output = tmp_path / "out"
    outcome = write_presentation(register([tmp_path / "alto"]), output, OPTIONS)
    assert [type(error) for error in outcome.failed] == [BadXml, NotFound]
    canvases = read_manifest((output / "manifest.json").read_bytes()).canvases
    assert [canvas.label for canvas in canvases] == ["1827 é/p 2#%"]


def test_no_page_no_manifest(tmp_path: Path) -> None:
    files = [file for file in broken(tmp_path) if file.name == "p3"]
    outcome = write_presentation(files, tmp_path / "out", OPTIONS)
    assert (outcome.written, len(outcome.failed)) == ((), 1)
    assert not (tmp_path / "out").exists()
