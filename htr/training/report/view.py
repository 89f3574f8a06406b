"""What stands in a report, before it is laid out: headings, prose, tables, figures, lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; `aside` for what is said in small print."""

    text: str
    aside: bool = False
    kind: ClassVar[str] = "prose"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A few numbers that say the most: pairs of what it is and how much."""

    pairs: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "numbers"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of a row names it. `words` columns are text, the rest numbers.

    A table without a `head` is a list of names and values.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    kind: ClassVar[str] = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot as a PNG file, what it shows in words, and its caption."""

    png: bytes
    alt: str
    caption: str
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, and whether it differs from the other text."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line's picture, where it stands, its truth and its reading, and how bad that is."""

    picture: bytes
    alt: str
    place: str
    errors: str
    truth: tuple[Span, ...]
    reading: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with their pictures, and the words for truth and reading."""

    truth: str
    reading: str
    nothing: str
    lines: tuple[Line, ...]
    kind: ClassVar[str] = "lines"


Block: TypeAlias = Prose | Numbers | Table | Figure | Lines


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; `id` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A whole report in one language, whose code is `language`."""

    language: str
    title: str
    subtitle: str
    contents: str
    sections: tuple[Section, ...]
    foot: str
