"""Bookmarks: a PDF's pages by name, and the headings on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from pikepdf import OutlineItem, Pdf

from htr.document.page import Line, Page, Region

# The parts of a kind, such as `MainZone:heading`, that make an entry of the outline.
_HEADINGS = frozenset(("headingline", "heading", "title"))
_RUNNING_TITLE = "runningtitlezone"  # the same on every page, so no entry


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's text, and its top in pixels of the page's image."""

    text: str
    top: float


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A page's name in the register and its headings as they stand on the PDF page, in points."""

    title: str
    headings: tuple[Heading, ...] = ()


def headings(page: Page) -> tuple[Heading, ...]:
    """Return a page's headings in reading order; lines of one that follow each other are joined."""
    found: list[Heading] = []
    for region in page.regions:
        for heading, group in groupby(region.lines, key=partial(_is_heading, region)):
            lines = [(line.text, line.box) for line in group if heading and line.text]
            boxes = [box for _text, box in lines if box is not None]
            if boxes:
                found.append(Heading(" ".join(text for text, _box in lines), boxes[0].top))
    return tuple(found)


def _is_heading(region: Region, line: Line) -> bool:
    kinds = re.split("[:#]", f"{region.kind or ''}:{line.kind or ''}".lower())
    return _RUNNING_TITLE not in kinds and not _HEADINGS.isdisjoint(kinds)


def add_outline(pdf: Pdf, bookmarks: Sequence[Bookmark]) -> None:
    """Give a PDF an outline: an entry for each of its pages, and below it one for each heading."""
    with pdf.open_outline() as outline:
        for number, bookmark in enumerate(bookmarks):
            item = OutlineItem(bookmark.title, number, "Fit")
            item.children.extend(
                OutlineItem(heading.text, number, "XYZ", left=0, top=heading.top)
                for heading in bookmark.headings
            )
            item.is_closed = True
            outline.root.append(item)
