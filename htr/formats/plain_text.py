"""Pages into plain text: a line a line, a blank line between regions, a form feed between pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from htr.document.page import Page
from htr.document.text import is_split


def write_text(pages: Iterable[Page], *, join_hyphens: bool = False) -> bytes:
    """Return pages as plain text in UTF-8, with a line feed after each line.

    Lines and regions of which no text is known are left out; a page without text stays, between
    its form feeds. With `join_hyphens`, a word that a hyphen splits at a line's end is made whole
    on the line on which it begins, as `htr.document.text.is_split` finds it, within a region.
    """
    return "\f".join(_page(page, join_hyphens) for page in pages).encode(errors="replace")


def _page(page: Page, join_hyphens: bool) -> str:
    regions = ([line.text for line in region.lines if line.text] for region in page.regions)
    if join_hyphens:
        regions = (_whole_words(lines) for lines in regions)
    return "\n".join("".join(f"{line}\n" for line in lines) for lines in regions if lines)


def _whole_words(lines: Sequence[str]) -> list[str]:
    whole: list[str] = []
    for line in lines:
        if whole and is_split(whole[-1], line):
            rest, _space, line = line.partition(" ")
            whole[-1] = whole[-1][:-1] + rest
        if line:
            whole.append(line)
    return whole
