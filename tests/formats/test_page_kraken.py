"""kraken reads the same of our PAGE as of our ALTO: lines, baselines, polygons, text, regions."""

from pathlib import Path

import pytest
from test_page_writer import written

from htr.document.page import Page
from htr.formats import read, write_alto

pytestmark = pytest.mark.model
SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"


def check_same(page: Page, folder: Path) -> None:
    xml = pytest.importorskip("kraken.lib.xml")
    (folder / "alto.xml").write_bytes(write_alto(page))
    (folder / "page.xml").write_bytes(written(page))
    alto, ours = xml.XMLPage(folder / "alto.xml"), xml.XMLPage(folder / "page.xml")
    assert (alto.filetype, ours.filetype) == ("alto", "page")
    assert (ours.imagename, ours.image_size) == (alto.imagename, alto.image_size)
    assert list(ours.lines) == list(alto.lines)
    for name, line in alto.lines.items():
        found = ours.lines[name]
        assert found.text == line.text
        assert found.baseline == line.baseline
        assert found.boundary == line.boundary
        # PAGE asks for the outline of a region that only gathers lines; ALTO does not.
        assert line.regions in (found.regions, [])
        assert (found.tags or {}).get("type") == (line.tags or {}).get("type")
    zones = {kind: [zone.boundary for zone in found] for kind, found in alto.regions.items()}
    outlined = {region.id for region in page.regions if region.polygon}
    assert {
        kind: [zone.boundary for zone in found]
        for kind, found in ours.regions.items()
        if any(zone.id in outlined for zone in found)
    } == zones


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.xml")), ids=lambda path: path.stem)
def test_the_sample(path: Path, tmp_path: Path) -> None:
    page = read(path.read_bytes())
    assert len(list(page.lines)) > 5
    check_same(page, tmp_path)


@pytest.mark.corpora
def test_real_registers(corpora: Path, tmp_path: Path) -> None:
    paths = sorted((corpora / "test").rglob("*.xml"))[::9]
    assert paths
    for path in paths:
        check_same(read(path.read_bytes()), tmp_path)
