"""The page and its parts: frozen values that compare, hash and pickle.

A confidence is a float in 0..1, or None where it is unknown: never 0 for unknown. Boxes, polygons
and baselines are in pixels of the upright image, origin top left, and None where unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from htr.document.geometry import Baseline, Box, Polygon

Direction: TypeAlias = Literal["ltr", "rtl", "ttb", "btt"]
StepKind: TypeAlias = Literal["layout", "recognition", "correction", "other"]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One grapheme (a letter with its marks) as it stands on the page."""

    text: str
    box: Box | None = None
    polygon: Polygon | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Space:
    """The white space that follows a word."""

    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A run of glyphs without white space, in reading order, and the space after it, if any.

    `alternatives` are other readings of it, the likeliest first, where they were kept.
    """

    glyphs: tuple[Glyph, ...]
    box: Box | None = None
    confidence: float | None = None
    space: Space | None = None
    alternatives: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of writing; `corrected` where a person has set its text, which no machine overwrites.

    `kind` is a SegmOnto line type (`DefaultLine`, `HeadingLine`, ...) or the source's own word.
    """

    id: str
    baseline: Baseline | None = None
    polygon: Polygon | None = None
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    kind: str | None = None
    direction: Direction = "ltr"
    corrected: bool = False

    @property
    def text(self) -> str:
        """The line's text in logical order."""
        parts = (word.text if word.space is None else word.text + " " for word in self.words)
        return "".join(parts).rstrip(" ")

    @property
    def box(self) -> Box | None:
        """The box around polygon and baseline, or None where neither is known."""
        shapes = (shape for shape in (self.polygon, self.baseline) if shape is not None)
        return Box.union(shape.box for shape in shapes)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the page, its lines in reading order.

    `kind` is a SegmOnto zone (`MainZone`, `MarginTextZone`, ...) or the source's own word; None,
    with no polygon, gathers lines that lie in no region.
    """

    id: str
    kind: str | None = None
    polygon: Polygon | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageRef:
    """The image that a page describes: a file name relative to the page's file, `/` as separator.

    `width` and `height` are those of the upright image, in pixels; `sha256` is that of the file
    that was given to read, in lower-case hexadecimal, or None where unknown.
    """

    name: str
    width: int
    height: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to the page: by which software or person, with what, when.

    `settings` are name and value pairs in the order in which they are written; `date` is ISO 8601.
    """

    kind: StepKind
    description: str
    software: str | None = None
    version: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    date: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its image, its regions in reading order, and what was done to it."""

    id: str
    image: ImageRef
    regions: tuple[Region, ...] = ()
    confidence: float | None = None
    steps: tuple[Step, ...] = ()

    @property
    def lines(self) -> Iterator[Line]:
        """The lines of all regions in reading order."""
        return (line for region in self.regions for line in region.lines)

    @property
    def text(self) -> str:
        """The page's text in reading order, a line a line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def corrected(self) -> bool:
        """Whether a person has corrected anything on the page."""
        return any(step.kind == "correction" for step in self.steps) or any(
            line.corrected for line in self.lines
        )
