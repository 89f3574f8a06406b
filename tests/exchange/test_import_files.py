"""Folders, zips, METS and hOCR into a folder of ALTO files and images, bad pages on their own."""

import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from import_sources import (
    NAMES,
    SAMPLE,
    alto,
    escriptorium,
    hocr,
    image,
    mets,
    page,
    transkribus,
    zipped,
)
from PIL import Image

from htr.document.page import Page
from htr.errors import (
    BadXml,
    DamagedArchive,
    DamagedImage,
    FolderInUse,
    HtrError,
    NameClash,
    NotAnImage,
    NotFound,
    NothingToDo,
    RefusedAddress,
    UnsafeArchive,
    UnsafeXml,
)
from htr.exchange.importing import Imported, ImportSettings, import_pages
from htr.formats import read_file, write_alto
from htr.pipeline.files import held

CLOCK = datetime(2026, 11, 25, tzinfo=UTC)


def imported(
    source: Path | str, output: Path, settings: ImportSettings | None = None
) -> tuple[Imported, ...]:
    return import_pages([str(source)], output, settings or ImportSettings(), clock=lambda: CLOCK)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def texts(found: Page) -> list[tuple[str, ...]]:
    return [tuple(line.text for line in region.lines) for region in found.regions]


def errors(results: tuple[Imported, ...]) -> list[HtrError]:
    return [result.error for result in results if result.error]


@pytest.mark.parametrize("make", [transkribus, escriptorium])
def test_exports_come_in_whole(tmp_path: Path, make: object) -> None:
    assert callable(make)
    results = imported(make(tmp_path / "export.zip"), tmp_path / "alto")
    assert [result.status for result in results] == ["done", "done"]
    assert files(tmp_path / "alto") == sorted(f"{n}{s}" for n in NAMES for s in (".jpg", ".xml"))
    for name in NAMES:
        new, old = read_file(tmp_path / "alto" / f"{name}.xml"), read_file(SAMPLE / f"{name}.xml")
        assert texts(new) == texts(old)
        assert [line.baseline for line in new.lines] == [line.baseline for line in old.lines]
        assert new.image == old.image
        assert (tmp_path / "alto" / new.image.name).read_bytes() == image(name)
        step = new.steps[-1]
        assert (step.kind, step.software, dict(step.settings)["source"]) == (
            "other",
            "htr",
            "export.zip",
        )
        assert not new.corrected


def test_of_transkribus_the_page_files_are_taken(tmp_path: Path) -> None:
    imported(transkribus(tmp_path / "export.zip"), tmp_path / "alto")
    settings = dict(read_file(tmp_path / "alto" / "mariage-1811.xml").steps[-1].settings)
    assert settings["file"] == "1234567/Registre/page/mariage-1811.xml"


def test_an_unpacked_export_is_the_same(tmp_path: Path) -> None:
    shutil.unpack_archive(transkribus(tmp_path / "export.zip"), tmp_path / "in")
    (tmp_path / "in" / "1234567" / "Registre" / "mets.xml").unlink()
    imported(tmp_path / "in", tmp_path / "alto")
    assert files(tmp_path / "alto/1234567/Registre") == sorted(
        f"{n}{s}" for n in NAMES for s in (".jpg", ".xml")
    )
    imported(tmp_path / "in/1234567/Registre/page/mariage-1811.xml", tmp_path / "one")
    assert files(tmp_path / "one") == ["mariage-1811.jpg", "mariage-1811.xml"]


def test_the_order_of_mets_is_kept_in_the_names(tmp_path: Path) -> None:
    path = escriptorium(tmp_path / "export.zip", ("mariage-1811", "cloture-1875"))
    imported(path, tmp_path / "alto")
    assert files(tmp_path / "alto")[::2] == ["0001-mariage-1811.jpg", "0002-cloture-1875.jpg"]


def test_files_that_mets_leaves_out_come_too(tmp_path: Path) -> None:
    entries = {"mets.xml": mets({"IMG": ["a.jpg"], "ALTO": ["a.xml"]})}
    for name in ("a", "b"):
        entries |= {f"{name}.xml": alto(NAMES[0]), f"{name}.jpg": image(NAMES[0])}
    imported(zipped(tmp_path / "x.zip", entries), tmp_path / "alto")
    assert files(tmp_path / "alto") == ["a.jpg", "a.xml", "b.jpg", "b.xml"]


def test_hocr_of_several_pages(tmp_path: Path) -> None:
    pages = [read_file(SAMPLE / f"{name}.xml") for name in NAMES]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.hocr").write_bytes(hocr(NAMES[0]))
    (tmp_path / "in" / "both.html").write_bytes(hocr(*NAMES))
    (tmp_path / "in" / "notes.html").write_text("<html><p>Notes</p></html>")
    for name in NAMES:
        (tmp_path / "in" / f"{name}.jpg").write_bytes(image(name))
    results = imported(tmp_path / "in", tmp_path / "alto")
    assert not errors(results)
    assert files(tmp_path / "alto")[1::2] == ["both-0001.xml", "both-0002.xml", "one.xml"]
    found = read_file(tmp_path / "alto" / "both-0002.xml")
    assert [line.text for line in found.lines] == [line.text for line in pages[1].lines]


def test_kinds_are_segmontos_where_they_can_be(tmp_path: Path) -> None:
    found = read_file(SAMPLE / "cloture-1875.xml")
    kinds = ("marginalia", "Col_1")
    regions = [replace(found.regions[0], id=kind, kind=kind) for kind in kinds]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "p.xml").write_bytes(write_alto(replace(found, regions=tuple(regions))))
    (tmp_path / "in" / "p.jpg").write_bytes(image("cloture-1875"))
    imported(tmp_path / "in", tmp_path / "alto")
    new = read_file(tmp_path / "alto" / "p.xml")
    assert [region.kind for region in new.regions] == ["MarginTextZone", "Col_1"]


def test_again_changes_nothing_and_a_lost_image_is_put_back(tmp_path: Path) -> None:
    path, output = escriptorium(tmp_path / "export.zip"), tmp_path / "alto"
    imported(path, output)
    before = {name: (output / name).stat().st_mtime_ns for name in files(output)}
    assert {result.status for result in imported(path, output)} == {"unchanged"}
    assert {name: (output / name).stat().st_mtime_ns for name in files(output)} == before
    (output / "mariage-1811.xml").unlink()
    assert [result.status for result in imported(path, output)] == ["unchanged", "done"]


def test_others_files_are_kept_unless_forced(tmp_path: Path) -> None:
    path, output = escriptorium(tmp_path / "export.zip"), tmp_path / "alto"
    output.mkdir()
    (output / "mariage-1811.xml").write_bytes(alto("cloture-1875"))
    (output / "cloture-1875.jpg").write_bytes(image("mariage-1811"))
    assert [result.status for result in imported(path, output)] == ["kept", "kept"]
    assert files(output) == ["cloture-1875.jpg", "mariage-1811.xml"]
    assert (output / "cloture-1875.jpg").read_bytes() == image("mariage-1811")
    results = imported(path, output, ImportSettings(force=True))
    assert [result.status for result in results] == ["done", "done"]
    assert (output / "cloture-1875.jpg").read_bytes() == image("cloture-1875")


def test_corrected_pages_are_kept_even_if_forced(tmp_path: Path) -> None:
    path, output = escriptorium(tmp_path / "export.zip", NAMES[:1]), tmp_path / "alto"
    truth = ImportSettings(ground_truth=True, by="Anne Martin")
    assert [result.status for result in imported(path, output, truth)] == ["done"]
    found = read_file(output / "cloture-1875.xml")
    assert all(line.corrected for line in found.lines if line.text)
    assert (found.steps[-1].kind, found.steps[-1].agency) == ("correction", "Anne Martin")
    assert [result.status for result in imported(path, output, truth)] == ["unchanged"]
    assert [r.status for r in imported(path, output, ImportSettings(force=True))] == ["kept"]
    again = ImportSettings(overwrite_corrections=True)
    assert [result.status for result in imported(path, output, again)] == ["done"]
    assert not read_file(output / "cloture-1875.xml").corrected


def test_the_output_within_the_source_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "p.xml").write_bytes(alto(NAMES[0]))
    (tmp_path / "p.jpg").write_bytes(image(NAMES[0]))
    for status in ("done", "unchanged"):
        results = imported(tmp_path, tmp_path / "alto")
        assert [result.status for result in results] == [status]


def png(size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, 255).save(buffer, "PNG")
    return buffer.getvalue()


DOCTYPE = b'<!DOCTYPE alto [<!ENTITY x SYSTEM "file:///etc/hostname">]><alto>&x;</alto>'


@pytest.mark.parametrize(
    ("text", "picture", "kind", "named"),
    [
        (alto(NAMES[1]), b"<html>Not found</html>", NotAnImage, "bad.jpg"),
        (alto(NAMES[1]), b"%PDF-1.7", NotAnImage, "bad.jpg"),
        (alto(NAMES[1]), image(NAMES[1])[:20_000], DamagedImage, "bad.jpg"),
        (alto(NAMES[1]), png((300, 200)), BadXml, "bad.xml"),
        (alto(NAMES[1]), None, NotFound, "bad.xml"),
        (DOCTYPE, image(NAMES[1]), UnsafeXml, "bad.xml"),
        (alto(NAMES[1])[:5000], image(NAMES[1]), BadXml, "bad.xml"),
        (b"<alto/>", image(NAMES[1]), BadXml, "bad.xml"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_a_bad_page_costs_itself_and_is_named(
    tmp_path: Path,
    text: bytes,
    picture: bytes | None,
    kind: type[HtrError],
    named: str,
    packed: bool,
) -> None:
    entries = {"bad.xml": text, "good.xml": alto(NAMES[0]), "good.jpg": image(NAMES[0])}
    if picture is not None:
        entries["bad.jpg"] = picture
    source = zipped(tmp_path / "x.zip", entries)
    if not packed:
        shutil.unpack_archive(source, tmp_path / "in")
        source = tmp_path / "in"
    (error,) = errors(imported(source, tmp_path / "alto"))
    assert type(error) is kind
    assert str(error.path).endswith(f"/{named}")
    assert error.hint
    assert files(tmp_path / "alto") == ["good.jpg", "good.xml"]


def test_an_image_off_by_rounding_is_taken(tmp_path: Path) -> None:
    entries = {"p.xml": alto(NAMES[0]), "p.png": png((1201, 1599))}
    assert not errors(imported(zipped(tmp_path / "x.zip", entries), tmp_path / "alto"))
    found = read_file(tmp_path / "alto" / "p.xml").image
    assert (found.name, found.width, found.height) == ("p.png", 1201, 1599)


def test_alto_in_tenths_of_millimetres_is_scaled_by_its_image(tmp_path: Path) -> None:
    text = alto(NAMES[0]).replace(b"<MeasurementUnit>pixel", b"<MeasurementUnit>mm10")
    entries = {"p.xml": text, "cloture-1875.png": png((2400, 3200))}
    assert not errors(imported(zipped(tmp_path / "x.zip", entries), tmp_path / "alto"))
    old, new = read_file(SAMPLE / "cloture-1875.xml"), read_file(tmp_path / "alto" / "p.xml")
    before, after = next(old.lines).baseline, next(new.lines).baseline
    assert before is not None
    assert after is not None
    assert after.points[0] == tuple(2 * value for value in before.points[0])


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.zip", b"PK\3\4 and no more", DamagedArchive),
        ("x.zip", b"no zip", DamagedArchive),
        ("tei.xml", b"<TEI/>", BadXml),
    ],
)
def test_a_bad_source_is_one_error(
    tmp_path: Path, name: str, data: bytes, kind: type[HtrError]
) -> None:
    (tmp_path / name).write_bytes(data)
    if kind is BadXml:
        (error,) = errors(imported(tmp_path / name, tmp_path / "alto"))
    else:
        with pytest.raises(kind) as caught:
            imported(tmp_path / name, tmp_path / "alto")
        error = caught.value
        assert not (tmp_path / "alto").exists()
    assert (type(error), str(error.path).endswith(name)) == (kind, True)


def test_an_unsafe_archive_writes_nothing(tmp_path: Path) -> None:
    path = transkribus(tmp_path / "export.zip", more={"../../evil.xml": b"x"})
    with pytest.raises(UnsafeArchive, match=r"evil\.xml"):
        imported(path, tmp_path / "out" / "alto")
    assert files(tmp_path) == ["export.zip"]


def test_a_damaged_entry_costs_its_page(tmp_path: Path) -> None:
    path = escriptorium(tmp_path / "export.zip")
    data = bytearray(path.read_bytes())
    place = data.index(b"mariage-1811.jpg") + 3000
    data[place] ^= 0xFF
    path.write_bytes(data)
    (error,) = errors(imported(path, tmp_path / "alto"))
    assert type(error) is DamagedArchive
    assert str(error.path).endswith("export.zip/mariage-1811.jpg")
    assert files(tmp_path / "alto") == ["cloture-1875.jpg", "cloture-1875.xml"]


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://example.org/m.json"])
def test_other_schemes_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(RefusedAddress, match="http"):
        imported(url, tmp_path / "alto")


def test_nothing_to_import_is_said(tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(image(NAMES[0]))
    with pytest.raises(NothingToDo, match="htr transcribe"):
        imported(tmp_path, tmp_path / "alto")


def test_two_pages_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.xml").write_bytes(page(NAMES[0]))
    with pytest.raises(NameClash, match="folders"):
        import_pages([str(tmp_path / n) for n in "ab"], tmp_path / "alto", ImportSettings())


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    with held(tmp_path / "alto"), pytest.raises(FolderInUse):
        imported(SAMPLE, tmp_path / "alto")


@pytest.mark.corpora
def test_real_pages_come_in_with_their_text(tmp_path: Path, corpora: Path) -> None:
    source = corpora / "test" / "cremma-mss-18"
    results = imported(source, tmp_path / "alto")
    assert not errors(results)
    for result in results:
        old = read_file(source / result.target.name)
        assert [line.text for line in read_file(result.target).lines] == [
            line.text for line in old.lines
        ]


@pytest.mark.parametrize(
    "href", ["../secret.xml", "/etc/secret.xml", "%2e%2e/secret.xml", "none.xml"]
)
@pytest.mark.parametrize("packed", [True, False])
def test_mets_names_nothing_outside(tmp_path: Path, href: str, packed: bool) -> None:
    entries = {"mets.xml": mets({"IMG": ["a.jpg", "a.jpg"], "ALTO": [href, "a.xml"]})}
    entries |= {"a.xml": alto(NAMES[0]), "a.jpg": image(NAMES[0])}
    source = zipped(tmp_path / "x.zip", entries)
    (tmp_path / "secret.xml").write_bytes(alto(NAMES[0]))
    if not packed:
        shutil.unpack_archive(source, tmp_path / "in")
        source = tmp_path / "in"
    (error,) = errors(imported(source, tmp_path / "out" / "alto"))
    assert type(error) is NotFound
    assert str(error.path).endswith("mets.xml")
    assert files(tmp_path / "out") == ["alto/a.jpg", "alto/a.xml"]


def test_a_folder_imported_into_itself_is_kept(tmp_path: Path) -> None:
    (tmp_path / "p.xml").write_bytes(page(NAMES[0]))
    (tmp_path / "p.jpg").write_bytes(image(NAMES[0]))
    assert [result.status for result in imported(tmp_path, tmp_path)] == ["kept"]
    assert (tmp_path / "p.xml").read_bytes() == page(NAMES[0])
