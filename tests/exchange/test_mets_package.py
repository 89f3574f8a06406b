"""A METS package holds its pages, whole, and spares what is not its own."""

import hashlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree
from registers import broken, made

from htr.document.description import Description
from htr.errors import NameClash, NotFound
from htr.exchange.mets import MetsOptions, spare, write_package
from htr.formats import read_file
from htr.formats.mets_reader import MetsPage, read_mets

OPTIONS = MetsOptions(Description("Mariages"), "2026-11-25T10:00:00+00:00", "htr 0.1.0")


def pages(output: Path) -> tuple[MetsPage, ...]:
    return read_mets((output / "mets.xml").read_bytes())


def test_a_package_stands_alone(tmp_path: Path) -> None:
    files = made(tmp_path)
    output = tmp_path / "out"
    outcome = write_package(files, output, OPTIONS)
    assert {path for path in output.rglob("*") if path.is_file()} == set(outcome.written)
    assert not outcome.failed
    for file, found in zip(files, pages(output), strict=True):
        assert found.label == file.name
        image, alto = (output / unquote(href or "") for href in (found.image, found.alto))
        assert image.read_bytes() == file.image(file.read()).read_bytes()
        page, original = read_file(alto), file.read()
        assert (alto.parent / page.image.name).resolve() == image.resolve()
        assert replace(page, image=original.image) == original


def test_what_mets_says_of_files_is_true(tmp_path: Path) -> None:
    output = tmp_path / "out"
    write_package(made(tmp_path), output, OPTIONS)
    root = etree.parse(str(output / "mets.xml"))
    elements = list(root.iter("{*}file"))
    assert len(elements) == 4
    for element in elements:
        href = element[0].get("{http://www.w3.org/1999/xlink}href")
        data = (output / unquote(href or "")).read_bytes()
        assert element.get("SIZE") == str(len(data))
        assert element.get("CHECKSUM") == hashlib.sha256(data).hexdigest()


def test_images_may_stay_where_they_are(tmp_path: Path) -> None:
    files = made(tmp_path)
    output = tmp_path / "out"
    write_package(files, output, replace(OPTIONS, copy_images=False))
    assert not (output / "images").exists()
    for file, found in zip(files, pages(output), strict=True):
        image = file.image(file.read()).resolve()
        assert (output / unquote(found.image or "")).resolve() == image
        alto = output / unquote(found.alto or "")
        assert (alto.parent / read_file(alto).image.name).resolve() == image


@pytest.mark.parametrize(
    ("base", "first", "second"),
    [
        (
            "https://a.example/i/",
            "https://a.example/i/p1.jpg",
            "https://a.example/i/1827%20%C3%A9/p%202%23%25.jpg",
        ),
        (
            "https://a.example/{stem}/full.tif",
            "https://a.example/p1/full.tif",
            "https://a.example/1827%20%C3%A9/p%202%23%25/full.tif",
        ),
    ],
)
def test_images_may_be_served_elsewhere(tmp_path: Path, base: str, first: str, second: str) -> None:
    output = tmp_path / "out"
    write_package(made(tmp_path), output, replace(OPTIONS, image_base=base))
    assert [found.image for found in pages(output)] == [first, second]
    assert b"CHECKSUM" in (output / "mets.xml").read_bytes()
    (group,) = etree.parse(str(output / "mets.xml")).iterfind(".//{*}fileGrp[@USE='DEFAULT']")
    assert all("CHECKSUM" not in element.attrib for element in group)


def test_a_page_without_its_image_costs_only_itself(tmp_path: Path) -> None:
    output = tmp_path / "out"
    outcome = write_package(broken(tmp_path), output, OPTIONS)
    assert [type(error) for error in outcome.failed] == [NotFound]
    assert [found.label for found in pages(output)] == ["p1", "1827 é/p 2#%"]
    assert not (output / "alto" / "p3.xml").exists()


def test_no_page_no_mets(tmp_path: Path) -> None:
    files = [file for file in broken(tmp_path) if file.name == "p3"]
    outcome = write_package(files, tmp_path / "out", OPTIONS)
    assert (outcome.written, len(outcome.failed)) == ((), 1)
    assert not (tmp_path / "out").exists()


def test_alto_that_is_no_package_s_is_spared(tmp_path: Path) -> None:
    files = made(tmp_path)
    with pytest.raises(NameClash, match="stands here already"):
        spare(files, tmp_path)
    other = tmp_path / "other"
    spare(files, other)
    (other / "alto").mkdir(parents=True)
    (other / "alto" / "a.xml").write_text("<alto/>")
    with pytest.raises(NameClash, match=r"a\.xml"):
        spare(files, other)


def test_a_package_may_be_made_again(tmp_path: Path) -> None:
    files = made(tmp_path)
    output = tmp_path / "out"
    first = write_package(files, output, OPTIONS)
    spare(files, output)
    data = [path.read_bytes() for path in first.written]
    assert write_package(files, output, OPTIONS) == first
    assert [path.read_bytes() for path in first.written] == data


def test_another_s_image_is_spared(tmp_path: Path) -> None:
    files = made(tmp_path)
    other = tmp_path / "out" / "images" / "p1.jpg"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"other")
    for _try in range(2):
        with pytest.raises(NameClash, match="Another image") as caught:
            write_package(files, tmp_path / "out", OPTIONS)
        assert caught.value.path == str(other)
    assert other.read_bytes() == b"other"
    assert not (tmp_path / "out" / "mets.xml").exists()
