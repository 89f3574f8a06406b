"""ALTO as eScriptorium's importer reads it: by its rules, which are written here once more."""

from pathlib import Path

import pytest
from format_strategies import alto_schema, pages
from hypothesis import HealthCheck, given, settings
from lxml import etree

from htr.document.page import Page
from htr.formats import read
from htr.formats.escriptorium import write_for_escriptorium

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"


@pytest.fixture(scope="module")
def schema(schemas: Path) -> etree.XMLSchema:
    return alto_schema(schemas, "4.2")


def content(line: etree._Element) -> str:
    """Return a line's text as eScriptorium makes it of its Strings."""
    return " ".join(part.get("CONTENT", "") for part in line.findall(f"{ALTO}String"))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_each_line_has_its_text_a_place_and_a_baseline(schema: etree.XMLSchema, page: Page) -> None:
    data = write_for_escriptorium(page, "p.jpg")
    root = etree.fromstring(data)
    assert schema.validate(root), schema.error_log
    elements = list(root.iter(f"{ALTO}TextLine"))
    for element, line in zip(elements, page.lines, strict=True):
        assert content(element) == line.text
        assert len(element.findall(f"{ALTO}String")) == 1
        numbers = [float(text) for text in element.get("BASELINE", "").split()]
        assert len(numbers) >= 4
        assert len(numbers) % 2 == 0
        assert all(element.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
        tags = element.get("TAGREFS", "").split()
        labels = [
            tag.get("LABEL") for tag in root.iter(f"{ALTO}OtherTag") if tag.get("ID") in tags[:1]
        ]
        assert labels == ([line.kind] if line.kind else [])


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_what_was_known_of_places_is_kept(page: Page) -> None:
    read_back = read(write_for_escriptorium(page, "p.jpg"))
    for region, before in zip(read_back.regions, page.regions, strict=True):
        assert (region.kind, region.polygon) == (before.kind, before.polygon)
    for line, original in zip(read_back.lines, page.lines, strict=True):
        assert original.baseline in (None, line.baseline)
        assert original.polygon in (None, line.polygon)
        assert (line.kind, line.confidence) == (original.kind, original.confidence)
        assert line.corrected == original.corrected
