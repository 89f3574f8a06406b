from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf, pdfa
from PIL import Image

from htr.document.description import Description
from htr.document.geometry import Baseline
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Word
from htr.errors import BadXml, DamagedImage, DiskFull, InputError, NotFound, OutputError
from htr.exchange.pdf import document
from htr.exchange.pdf.document import PdfOptions, page_pdf, write_pdf, write_register
from htr.exchange.pdf.metadata import Metadata
from htr.exchange.pdf.outline import Heading, headings
from htr.exchange.register import PageFile, register
from htr.formats import write_alto

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
METADATA = Metadata(
    date=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    tool="htr 1.0",
    description=Description(
        title="Délibérations & arrêtés",
        language="fr",
        creator="Archives de Valmorin",
        source="1 D 12",
        licence="https://creativecommons.org/publicdomain/zero/1.0/",
    ),
)
OPTIONS = PdfOptions(METADATA)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    folder = tmp_path / "alto"
    shutil.copytree(SAMPLE, folder)
    return folder


def written(folder: Path, options: PdfOptions = OPTIONS) -> Pdf:
    stream = BytesIO()
    write_pdf(register([folder]), stream, options)
    return pikepdf.open(stream)


def line(text: str, y: float, kind: str | None = None) -> Line:
    baseline = Baseline(((100, y), (500, y)))
    return Line(f"l{y}", baseline, words=(Word(tuple(map(Glyph, text))),), kind=kind)


def page(*regions: Region) -> Page:
    return Page("p", ImageRef("p.png", 600, 900), regions)


def test_the_same_pages_make_the_same_bytes(sample: Path) -> None:
    first, second = BytesIO(), BytesIO()
    for stream in (first, second):
        write_pdf(register([sample]), stream, OPTIONS)
    assert first.getvalue() == second.getvalue()


def test_metadata_say_the_same_twice(sample: Path) -> None:
    pdf = written(sample)
    info = {str(name): str(value) for name, value in pdf.docinfo.items()}
    assert info == {
        "/Title": METADATA.description.title,
        "/Author": METADATA.description.creator,
        "/Subject": METADATA.description.source,
        "/Creator": "htr 1.0",
        "/Producer": "htr 1.0",
        "/CreationDate": "D:20260102030405+00'00",
        "/ModDate": "D:20260102030405+00'00",
    }
    expected = {
        "dc:title": METADATA.description.title,
        "dc:creator": [METADATA.description.creator],
        "dc:language": {"fr"},
        "dc:description": "1 D 12",
        "dc:source": "1 D 12",
        "dc:rights": METADATA.description.licence,
        "xmpRights:WebStatement": METADATA.description.licence,
        "xmp:CreatorTool": "htr 1.0",
        "pdf:Producer": "htr 1.0",
        "xmp:CreateDate": "2026-01-02T03:04:05+00:00",
        "xmp:ModifyDate": "2026-01-02T03:04:05+00:00",
        "xmp:MetadataDate": "2026-01-02T03:04:05+00:00",
        "pdfaid:part": "3",
        "pdfaid:conformance": "B",
    }
    xmp = pdf.open_metadata()
    assert {name: xmp[name] for name in expected} == expected
    assert len(xmp) == len(expected)
    assert pdf.Root.Lang == "fr"


@pytest.mark.parametrize("flavour", ["2b", "3b"])
def test_it_is_the_pdfa_that_was_asked_for(sample: Path, flavour: str) -> None:
    stream = BytesIO()
    write_pdf(register([sample]), stream, replace(OPTIONS, pdfa=flavour))  # type: ignore[arg-type]
    assert pdfa.validate_written(stream, flavour).passed
    assert len(pikepdf.open(stream).attachments) == (5 if flavour == "3b" else 0)


def test_a_plain_pdf_says_nothing_of_pdfa(sample: Path) -> None:
    pdf = written(sample, replace(OPTIONS, pdfa="none"))
    assert "/OutputIntents" not in pdf.Root
    assert "/AF" not in pdf.Root
    assert len(pdf.pages) == 5


def test_what_would_not_be_pdfa_is_refused(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "describe", lambda *_arguments: None)
    with pytest.raises(OutputError, match="would not be PDF/A"):
        written(sample)


def test_each_page_has_its_alto_as_an_associated_source(sample: Path) -> None:
    pdf = written(sample)
    files = register([sample])
    assert [str(file.Desc) for file in pdf.Root.AF] == [file.name for file in files]
    for spec in pdf.Root.AF:
        assert spec.AFRelationship == "/Source"
        assert spec.EF.F.Subtype == "/text/xml"


def test_pages_are_bookmarks_and_headings_stand_below(sample: Path) -> None:
    pdf = written(sample)
    with pdf.open_outline() as outline:
        found = {item.title: [child.title for child in item.children] for item in outline.root}
    assert list(found) == [file.name for file in register([sample])]
    assert found["deliberations-1875"] == ["Session ordinaire de février"]


def test_headings_are_those_of_regions_and_of_lines() -> None:
    loose = Region("a", None, lines=(line("un", 100), line("Titre", 200, "HeadingLine:title")))
    whole = Region("b", "MainZone:heading", lines=(line("Du", 300), line("maire", 400)))
    running = Region("c", "RunningTitleZone", lines=(line("Registre", 500, "HeadingLine"),))
    assert headings(page(loose, whole, running)) == (
        Heading("Titre", 200),
        Heading("Du maire", 300),
    )


def test_a_page_by_itself_is_titled_by_its_name(sample: Path) -> None:
    file = PageFile(sample / "mariage-1811.xml", "mariage-1811")
    pdf = pikepdf.open(BytesIO(page_pdf(file, OPTIONS)))
    assert len(pdf.pages) == 1
    assert str(pdf.docinfo.Title) == "Délibérations & arrêtés, mariage-1811"


def test_pages_go_through_several_parts_in_order(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = BytesIO()
    write_pdf(register([sample]), whole, OPTIONS)
    monkeypatch.setattr(document, "_HELD", 1)
    parts = BytesIO()
    write_pdf(register([sample]), parts, OPTIONS)
    one, two = (pikepdf.open(stream) for stream in (whole, parts))
    for first, second in zip(one.pages, two.pages, strict=True):
        assert first.mediabox == second.mediabox
        assert first.Contents.read_bytes() == second.Contents.read_bytes()
    assert pdfa.validate_written(parts, "3b").passed


def test_another_size_of_the_image_moves_the_text_with_it(sample: Path) -> None:
    before = written(sample)
    picture = sample / "cloture-1875.jpg"
    with Image.open(picture) as image:
        image.reduce(2).save(picture, dpi=(75, 75))  # the original has 150
    after = written(sample)
    one, two = (pdf.pages[0].Contents.read_bytes() for pdf in (before, after))
    assert one == two


def test_the_layout_of_another_image_is_refused(sample: Path) -> None:
    shutil.copy(sample / "repertoire-notaire-1827.jpg", sample / "cloture-1875.jpg")
    with pytest.raises(BadXml, match="2100 x 1480") as caught:
        written(sample)
    assert caught.value.path == str(sample / "cloture-1875.xml")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("mariage-1811.jpg", None, NotFound),
        ("mariage-1811.jpg", b"\xff\xd8\xff\xe0 cut", DamagedImage),
        ("mariage-1811.xml", b"<alto", BadXml),
    ],
)
def test_a_page_that_cannot_be_read_leaves_what_there_was(
    sample: Path, tmp_path: Path, name: str, data: bytes | None, error: type[InputError]
) -> None:
    target = tmp_path / "out" / "register.pdf"
    target.parent.mkdir()
    target.write_bytes(b"before")
    files = register([sample])
    if data is None:
        (sample / name).unlink()
    else:
        (sample / name).write_bytes(data)
    with pytest.raises(error) as caught:
        write_register(files, target, OPTIONS)
    assert "mariage-1811" in str(caught.value.path)
    assert [path.name for path in target.parent.iterdir()] == ["register.pdf"]
    assert target.read_bytes() == b"before"


def test_a_full_disk_leaves_nothing(sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "register.pdf"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(DiskFull) as caught:
            write_register(register([sample]), target, OPTIONS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.path == str(target)
    assert not list(target.parent.iterdir())


_EXPORT = """
import re, sys
from datetime import UTC, datetime
from pathlib import Path
from htr.exchange.pdf.document import PdfOptions, write_register
from htr.exchange.pdf.metadata import Metadata
from htr.exchange.register import register
options = PdfOptions(Metadata(datetime(2026, 1, 1, tzinfo=UTC), "htr"))
write_register(register([Path(sys.argv[1])]), Path(sys.argv[2]), options)
# Not getrusage, whose peak begins with that of the process that started this one.
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def test_many_pages_are_never_held_all(tmp_path: Path) -> None:
    """150 pages of 3 MB each, in less than 300 MB of memory."""
    folder = tmp_path / "alto"
    folder.mkdir()
    image = folder / "p.png"
    noise = Image.effect_noise((1500, 2000), 100)
    noise.save(image, compress_level=1)
    assert image.stat().st_size > 2.5e6
    blank = Page("p", ImageRef("p.png", 1500, 2000), (Region("r", lines=(line("un", 300),)),))
    for number in range(150):
        (folder / f"p{number}.xml").write_bytes(write_alto(blank))
    target = tmp_path / "register.pdf"
    command = [sys.executable, "-c", _EXPORT, str(folder), str(target)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert target.stat().st_size > 150 * 2.5e6
    assert int(run.stdout) < 300
