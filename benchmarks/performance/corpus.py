"""Pages to measure on: chosen from a corpus, or made from one of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageDraw

from htr.api import read_page
from htr.document.geometry import Polygon
from htr.document.page import Page

Item = TypeVar("Item")

_PITCH, _COLUMN, _MARGIN = 40, 400, 80  # pixels from line to line, a line's width, around columns
_HEIGHT = _PITCH - 4  # of a line
_A_COLUMN = 50  # lines
_SLIP = (60, 1200)  # pixels across and down


@dataclass(frozen=True, slots=True)
class TruePage:
    """An image's path, its name in the corpus, and the truth beside it."""

    path: Path
    name: str
    truth: Page

    @property
    def image(self) -> Image.Image:
        """The image in colour."""
        return Image.open(self.path).convert("RGB")


def evenly(items: Sequence[Item], count: int) -> list[Item]:
    """Return `count` items, or all where there are fewer, at even distances."""
    count = min(count, len(items))
    return [items[(2 * index + 1) * len(items) // (2 * count)] for index in range(count)]


def pages(folder: Path, count: int) -> list[TruePage]:
    """Return pages chosen evenly from all images below a folder with ALTO or PAGE beside them."""
    files = [path for path in sorted(folder.rglob("*.xml")) if path.with_suffix(".jpg").exists()]
    return [
        TruePage(
            path.with_suffix(".jpg"),
            path.relative_to(folder).with_suffix("").as_posix(),
            read_page(path),
        )
        for path in evenly(files, count)
    ]


def fullest(among: Sequence[TruePage]) -> TruePage:
    """Return the page with the most letters: its lines are close and without gaps."""
    return max(among, key=lambda page: sum(letter.isalpha() for letter in page.truth.text))


def tiled(page: TruePage, lines: int) -> Image.Image:
    """Return a page of that many lines: columns of copies of a real page's on its own ground."""
    image = page.image
    rows = min(lines, _A_COLUMN)
    columns = -(-lines // rows)
    size = (columns * (_COLUMN + _MARGIN) + _MARGIN, rows * _PITCH + 2 * _MARGIN)
    red, green, blue = np.median(np.asarray(image).reshape(-1, 3), axis=0).astype(int).tolist()
    sheet = Image.new("RGB", size, (red, green, blue))
    bands = [_band(image, polygon) for polygon in _long_lines(page.truth)]
    for index, (band, mask) in enumerate(islice(cycle(bands), lines)):
        column, row = divmod(index, rows)
        place = (_MARGIN + column * (_COLUMN + _MARGIN), _MARGIN + row * _PITCH)
        sheet.paste(band, place, mask)
    return sheet


def _long_lines(page: Page) -> list[Polygon]:
    """Return the polygons of a page's lines that are long enough to tile others with."""
    polygons = [line.polygon for line in page.lines if line.polygon is not None]
    return [
        polygon
        for polygon in polygons
        if polygon.box.width * _HEIGHT >= (_COLUMN + 1) * polygon.box.height > 0
    ]


def _band(image: Image.Image, polygon: Polygon) -> tuple[Image.Image, Image.Image]:
    """Return a line, scaled to a height and cut to a width, and the mask of its polygon."""
    box = polygon.box
    corners = (int(box.left), int(box.top), int(box.right), int(box.bottom))
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon([(x, y) for x, y in polygon.points], fill=255)
    size = (max(_COLUMN, round(box.width * _HEIGHT / box.height)), _HEIGHT)
    left = (size[0] - _COLUMN) // 2
    middle = (left, 0, left + _COLUMN, _HEIGHT)
    band, shown = (part.crop(corners).resize(size).crop(middle) for part in (image, mask))
    return band, shown


def write_slips(page: Path, count: int, folder: Path) -> None:
    """Write tall and narrow slips of a page as images: as a network takes them, small pages."""
    image = Image.open(page).convert("RGB")
    for index in range(count):
        left = index * 37 % (image.width - _SLIP[0])
        top = index * 53 % (image.height - _SLIP[1])
        slip = image.crop((left, top, left + _SLIP[0], top + _SLIP[1]))
        slip.save(folder / f"slip-{index:04}.jpg", quality=90)
