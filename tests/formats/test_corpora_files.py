"""Every ALTO file of the real registers is read whole, and written valid and equal."""

import unicodedata
from pathlib import Path

import pytest
from format_strategies import alto_schema
from lxml import etree

from htr.formats import read, write_alto

pytestmark = pytest.mark.corpora


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_real_registers(corpora: Path, schemas: Path, split: str) -> None:
    # Their lines run from left to right, and what is valid against 4.2 is so against later ones.
    schema = alto_schema(schemas, "4.2")
    paths = sorted((corpora / split).rglob("*.xml"))
    assert len(paths) >= 44
    for path in paths:
        data = path.read_bytes()
        page = read(data, path=path)
        elements = list(etree.fromstring(data).iter("{*}TextLine"))
        assert [line.id for line in page.lines] == [element.get("ID") for element in elements]
        assert [line.text for line in page.lines] == [plain(element) for element in elements]
        assert all(line.baseline and line.polygon for line in page.lines)
        written = write_alto(page)
        assert schema.validate(etree.fromstring(written)), schema.error_log
        assert read(written) == page


def plain(line: etree._Element) -> str:
    text = "".join(string.get("CONTENT", "") for string in line.iter("{*}String"))
    return " ".join(unicodedata.normalize("NFC", text).split())
