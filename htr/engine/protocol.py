"""What an engine offers: it finds the lines of a page and reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from htr.document.page import Glyph, Line, Region
from htr.document.page_error import Doubt

if TYPE_CHECKING:
    from PIL.Image import Image

Glyphs: TypeAlias = tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class LineReading:
    """What stands on a line, in logical order, white space included.

    `alternatives` are other readings of each word (a run of glyphs without white space), the
    likeliest first; nothing where none were asked for. `network` is what the network itself
    doubted, where a language model took part.
    """

    glyphs: Glyphs = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    network: Doubt | None = None


class Segmenter(Protocol):
    """Finds regions and lines."""

    def segment(self, image: Image) -> tuple[Region, ...]:
        """Return an upright page's regions with their lines, both in reading order.

        Lines have a baseline and a polygon in the image's pixels and no words. Lines in no region
        come in regions without kind and polygon. Ids are unique on the page.
        """
        ...


class Recogniser(Protocol):
    """Reads lines."""

    def read(self, image: Image, lines: Sequence[Line]) -> tuple[LineReading, ...]:
        """Return for each line what stands there.

        One glyph is what the network emits (a code point or more), with its polygon in the image's
        pixels and the network's confidence. A line that cannot be read comes back empty.
        """
        ...


class Engine(Segmenter, Recogniser, Protocol):
    """A segmenter and a recogniser that were loaded together."""

    @property
    def software(self) -> tuple[str, str]:
        """The name and version of the software that does the work."""
        ...
