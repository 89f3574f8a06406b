"""Regions of one image in the pixels of another of it, larger or smaller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from htr.document.geometry import Baseline, Box, Point, Polygon
from htr.document.page import Glyph, Line, Region, Word


def scaled(regions: Iterable[Region], across: float, down: float) -> tuple[Region, ...]:
    """Return regions with all their coordinates multiplied, by one factor for x and one for y."""
    scale = _Scale(across, down)
    return tuple(
        replace(
            region,
            polygon=scale.polygon(region.polygon),
            lines=tuple(map(scale.line, region.lines)),
        )
        for region in regions
    )


class _Scale:
    def __init__(self, across: float, down: float) -> None:
        self._across = across
        self._down = down

    def line(self, line: Line) -> Line:
        baseline = line.baseline and Baseline(self._points(line.baseline.points))
        words = tuple(map(self._word, line.words))
        return replace(line, baseline=baseline, polygon=self.polygon(line.polygon), words=words)

    def polygon(self, polygon: Polygon | None) -> Polygon | None:
        return polygon and Polygon(self._points(polygon.points))

    def _word(self, word: Word) -> Word:
        return replace(
            word,
            glyphs=tuple(map(self._glyph, word.glyphs)),
            box=self._box(word.box),
            space=word.space and replace(word.space, box=self._box(word.space.box)),
        )

    def _glyph(self, glyph: Glyph) -> Glyph:
        return replace(glyph, box=self._box(glyph.box), polygon=self.polygon(glyph.polygon))

    def _box(self, box: Box | None) -> Box | None:
        return box and Box.around(self._points(((box.left, box.top), (box.right, box.bottom))))

    def _points(self, points: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple((x * self._across, y * self._down) for x, y in points)
