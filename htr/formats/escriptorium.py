"""A Page into ALTO as eScriptorium's importer reads it, without loss of text or place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from htr.document.geometry import Baseline, Box
from htr.document.page import Glyph, Line, Page, Region, Word
from htr.formats.alto_writer import write_alto
from htr.formats.values import box_polygon


def write_for_escriptorium(page: Page, image: str) -> bytes:
    """Return a page as ALTO 4.2, the newest version that eScriptorium knows, with its image's name.

    eScriptorium joins the Strings of a line by spaces, right or wrong, so a line has one; its
    confidence is the line's. It wants a baseline and a place for each line: where none is known
    they are those of its words, else of its region, else of the page.
    """
    regions = tuple(replace(region, lines=tuple(_lines(region, page))) for region in page.regions)
    image_ref = replace(page.image, name=image)
    return write_alto(replace(page, image=image_ref, regions=regions), version="4.2")


def _lines(region: Region, page: Page) -> Iterator[Line]:
    around = Box(0, 0, page.image.width, page.image.height)
    if region.polygon is not None:
        around = region.polygon.box
    for line in region.lines:
        box = line.box or Box.union(word.box for word in line.words if word.box) or around
        placed = replace(
            line,
            baseline=line.baseline or Baseline(((box.left, box.bottom), (box.right, box.bottom))),
            polygon=line.polygon or (None if line.baseline else box_polygon(box)),
        )
        word = Word((Glyph(line.text),), placed.box, line.confidence)
        yield replace(placed, words=(word,) if line.words else ())
