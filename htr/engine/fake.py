"""A deterministic engine without weights: tests of the flow, and a dry run, need no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Glyph, Line, Region
from htr.engine.protocol import LineReading

if TYPE_CHECKING:
    from PIL.Image import Image

_TEXTS = ("L'an mil huit cent", "le vingt-deux mars", "par devant nous maire", "à comparu Éloïse")
_LINE_HEIGHT = 40


class FakeEngine:
    """Sees a line every 40 pixels and reads one of four texts there, by the line's position."""

    @property
    def software(self) -> tuple[str, str]:
        """The name and version of the software that does the work."""
        return "fake", "1"

    def segment(self, image: Image) -> tuple[Region, ...]:
        """Return one region with a line every 40 pixels of height, 50 lines at most."""
        width, height = image.size
        tops = range(0, height - _LINE_HEIGHT + 1, _LINE_HEIGHT)[:50]
        lines = tuple(
            Line(
                id=f"r1l{number}",
                baseline=Baseline(((4, top + 30), (width - 4, top + 30))),
                polygon=_rectangle(4, top + 4, width - 4, top + 36),
                kind="DefaultLine",
            )
            for number, top in enumerate(tops, start=1)
        )
        return (Region("r1", "MainZone", _rectangle(0, 0, width - 1, height - 1), lines),)

    def read(self, image: Image, lines: Sequence[Line]) -> tuple[LineReading, ...]:  # noqa: ARG002
        """Return for each line one of four texts, its glyphs spread evenly over its box."""
        return tuple(_read(line) for line in lines)


def _read(line: Line) -> LineReading:
    box = line.box
    if box is None:
        return LineReading()
    text = _TEXTS[int(box.top) // _LINE_HEIGHT % len(_TEXTS)]
    step = box.width / len(text)
    glyphs = tuple(
        Glyph(
            character,
            polygon=_rectangle(
                round(box.left + index * step),
                box.top,
                round(box.left + (index + 1) * step),
                box.bottom,
            ),
            confidence=round(1 - (ord(character) % 50) / 100, 4),
        )
        for index, character in enumerate(text)
    )
    return LineReading(glyphs)


def _rectangle(left: float, top: float, right: float, bottom: float) -> Polygon:
    return Polygon(((left, top), (right, top), (right, bottom), (left, bottom)))
