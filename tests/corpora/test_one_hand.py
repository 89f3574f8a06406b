"""The ten pages of one hand have their truth, and are of one hand."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from htr.document.text import clean
from htr.formats import read_file
from htr.resources import data_folder

FOLDER = data_folder("one-hand")
PAGES = sorted(FOLDER.glob("*.xml"))


def test_there_are_ten_small_pages() -> None:
    assert [path.stem for path in PAGES] == [f"naissance-{number:02d}" for number in range(1, 11)]
    assert sorted(path.stem for path in FOLDER.glob("*.jpg")) == [path.stem for path in PAGES]
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 1.25 * 1024 * 1024


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_truth_describes_its_image(path: Path) -> None:
    page = read_file(path)
    image = FOLDER / page.image.name
    assert page.image.sha256 == hashlib.sha256(image.read_bytes()).hexdigest()
    with Image.open(image) as opened:
        assert opened.size == (page.image.width, page.image.height)
    lines = list(page.lines)
    assert 10 <= len(lines) <= 16
    assert lines[0].text == f"Numéro {int(path.stem[-2:])}."
    assert lines[-1].text.endswith("lecture.")
    for line in lines:
        assert line.text == clean(line.text)
        assert line.baseline is not None
        assert line.polygon is not None
        assert line.polygon.box.right <= page.image.width
