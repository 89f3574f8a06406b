"""kraken reads what we write, and we read what kraken writes."""

from pathlib import Path

import pytest
from test_alto_writer import sample

from htr.document.geometry import Baseline, Box
from htr.document.page import Glyph
from htr.formats import AltoVersion, read, write_alto

pytestmark = pytest.mark.model


@pytest.mark.parametrize("version", ["4.2", "4.4"])
def test_kraken_reads_what_we_write(tmp_path: Path, version: AltoVersion) -> None:
    xml = pytest.importorskip("kraken.lib.xml")
    path = tmp_path / "page.xml"
    path.write_bytes(write_alto(sample(), version=version))
    found = xml.XMLPage(path)
    first = next(sample().lines)
    assert found.filetype == "alto"
    assert found.imagename == tmp_path / "scans" / "page 1.jpg"
    assert found.image_size == (1000, 800)
    assert list(found.lines) == ["l1"]  # kraken leaves lines without a baseline
    line = found.lines["l1"]
    assert line.text == first.text
    assert line.baseline == [(10, 40), (60, 41)]
    assert line.boundary == [(10, 20), (60, 20), (60, 45), (10, 45)]
    assert line.tags == {"type": [{"type": "DefaultLine"}]}
    assert line.regions == ["r1"]
    assert {kind: [zone.id for zone in zones] for kind, zones in found.regions.items()} == {
        "MainZone": ["r1"]
    }


@pytest.mark.corpora
def test_kraken_reads_the_same_of_ours_as_of_the_original(corpora: Path, tmp_path: Path) -> None:
    xml = pytest.importorskip("kraken.lib.xml")
    for original in sorted((corpora / "val").rglob("*.xml"))[::9]:
        path = tmp_path / original.name
        path.write_bytes(write_alto(read(original.read_bytes())))
        theirs, ours = xml.XMLPage(original), xml.XMLPage(path)
        assert list(ours.lines) == list(theirs.lines)
        for name, line in theirs.lines.items():
            assert ours.lines[name].baseline == line.baseline
            assert ours.lines[name].text.split() == line.text.split()
            assert ours.lines[name].tags == line.tags
        assert ours.regions.keys() == theirs.regions.keys()


@pytest.mark.parametrize("template", ["alto", "pagexml"])
def test_we_read_what_kraken_writes(template: str) -> None:
    containers = pytest.importorskip("kraken.containers")
    serialization = pytest.importorskip("kraken.serialization")
    line = containers.BaselineLine(
        id="line_1",
        baseline=[(0, 30), (90, 30)],
        boundary=[(0, 0), (90, 0), (90, 40), (0, 40)],
        tags={"type": [{"type": "DefaultLine"}]},
        regions=["region_1"],
    )
    text = "de\u0305 <&"
    cuts = [(start, start + 9) for start in range(0, 60, 10)]  # along the baseline
    record = containers.BaselineOCRRecord(
        text, cuts, [0.9, 1.0, 0.25, 0.7, 0.6, 0.5], line, display_order=False
    )
    zone = containers.Region(
        id="region_1",
        boundary=[(0, 0), (99, 0), (99, 99)],
        tags={"type": [{"type": "MainZone"}]},
    )
    segmentation = containers.Segmentation(
        type="baselines",
        imagename="p.jpg",
        text_direction="horizontal-lr",
        script_detection=False,
        lines=[record],
        regions={"MainZone": [zone]},
        line_orders=[],
    )
    step = containers.ProcessingStep(
        id="1",
        category="processing",
        description="Text line recognition",
        settings={"model": "a.mlmodel", "device": "cpu"},
    )
    rendered = serialization.serialize(
        segmentation, (1000, 800), template=template, processing_steps=[step]
    )
    page = read(rendered.encode())
    assert [(region.id, region.kind) for region in page.regions] == [("region_1", "MainZone")]
    found = next(page.lines)
    assert (found.id, found.text, found.kind) == ("line_1", "de\u0305 <&", "DefaultLine")
    assert found.baseline == Baseline(((0, 30), (90, 30)))
    assert found.direction == "ltr"
    first, second = found.words
    assert first.confidence == pytest.approx(0.7167)
    assert [glyph.text for glyph in first.glyphs] == ["d", "e\u0305"]
    assert first.glyphs[1] == Glyph("e\u0305", first.glyphs[1].box, confidence=0.5)
    assert second.glyphs[0].confidence == 0.6
    assert first.space is not None
    assert first.space.box is not None
    assert isinstance(first.box, Box)
    if template == "alto":
        settings = (("model", "a.mlmodel"), ("device", "cpu"))
        assert [(step.kind, step.settings) for step in page.steps] == [("recognition", settings)]
    assert read(write_alto(page)) == page
