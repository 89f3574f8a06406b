"""How much a corpus holds: pages, lines, words, characters and sizes, and its alphabet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal, TypeAlias

from htr.document.page import Line, Page
from htr.errors import InputError
from htr.exchange.register import PageFile

By: TypeAlias = Literal["collection", "document"]


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much a set of pages holds.

    `lines` have text, `empty` have none. `length` (in characters), `width` and `height` (in pixels:
    of the baseline, and of the outline across it) are medians over lines with text, None where no
    line tells.
    """

    pages: int
    lines: int
    empty: int
    words: int
    characters: int
    length: float | None
    width: float | None
    height: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """A corpus's amounts, those of its collections or documents by name, and its alphabet.

    `alphabet` holds each character (code point of the text in NFC) with its count, the commonest
    first; `failed` the errors of pages that cannot be read.
    """

    total: Amounts
    groups: dict[str, Amounts]
    alphabet: tuple[tuple[str, int], ...]
    failed: tuple[InputError, ...]


@dataclass(slots=True)
class _Tally:
    pages: int = 0
    empty: int = 0
    words: int = 0
    lengths: list[int] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)

    def add(self, page: Page) -> None:
        self.pages += 1
        for line in page.lines:
            if not line.text:
                self.empty += 1
                continue
            self.words += len(line.text.split())
            self.lengths.append(len(line.text))
            width, height = line_size(line)
            if width:
                self.widths.append(width)
            if height:
                self.heights.append(height)

    def amounts(self) -> Amounts:
        return Amounts(
            self.pages,
            len(self.lengths),
            self.empty,
            self.words,
            sum(self.lengths),
            *(median(values) if values else None for values in self._sizes()),
        )

    def _sizes(self) -> Iterator[Sequence[float]]:
        yield from (self.lengths, self.widths, self.heights)


def statistics(
    files: Sequence[PageFile], by: By = "collection", observe: Callable[[], None] | None = None
) -> Statistics:
    """Return how much pages hold, of which each is read once; `observe` is called after each.

    A collection is the first folder that a page lies in below the one that was named, a document
    the whole of its folders.
    """
    total, groups = _Tally(), defaultdict[str, _Tally](_Tally)
    alphabet = Counter[str]()
    failed = []
    for file in files:
        try:
            page = file.read(letters=False)
        except InputError as error:
            failed.append(error)
        else:
            group = groups[group_of(file.name, by)]
            for tally in (total, group):
                tally.add(page)
            for line in page.lines:
                alphabet.update(line.text)
        if observe is not None:
            observe()
    return Statistics(
        total.amounts(),
        {name: tally.amounts() for name, tally in sorted(groups.items())},
        tuple(sorted(alphabet.items(), key=lambda item: (-item[1], item[0]))),
        tuple(failed),
    )


def group_of(name: str, by: By) -> str:
    """Return the collection or the document that a page is of, by its name; may be empty."""
    document = name.rpartition("/")[0]
    return document if by == "document" else document.partition("/")[0]


def line_size(line: Line) -> tuple[float | None, float | None]:
    """Return how long a line's baseline is and how high its outline is across it, in pixels.

    Without a baseline the box counts; None where nothing is known.
    """
    box = line.box
    if box is None:
        return None, None
    width = line.baseline.length if line.baseline else max(box.width, box.height)
    if line.polygon is None or not width:
        return width or None, None
    return width, line.polygon.area / max(width, 1.0) or None
