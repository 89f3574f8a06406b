"""Outlines and widths of a typeface, in em: 1.0 is the type's size, y grows downwards."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import ImageFont
from shapes import Points, stroke

_STEPS = np.linspace(0, 1, 7)[1:, None]  # six straight pieces for every curve
_PIECE = 0.05  # em: no piece is longer, so that both sides of a stem bend alike
_MEASURE = 1000  # type size at which widths are measured


class _Flattener(BasePen):  # type: ignore[misc]
    """Turns curves into polylines."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.contours: list[Points] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.contours.append(np.array([point], dtype=float))

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._extend(np.array([point], dtype=float))

    def _qCurveToOne(  # noqa: N802
        self, control: tuple[float, float], end: tuple[float, float]
    ) -> None:
        start, middle, last = self.contours[-1][-1], np.array(control), np.array(end)
        rest = 1 - _STEPS
        self._extend(rest**2 * start + 2 * rest * _STEPS * middle + _STEPS**2 * last)

    def _extend(self, points: Points) -> None:
        self.contours[-1] = np.concatenate([self.contours[-1], points])


class Font:
    """A typeface read from a WOFF file."""

    def __init__(self, woff: Path) -> None:
        file = TTFont(woff)
        self._em = float(file["head"].unitsPerEm)
        self._names: dict[int, str] = file.getBestCmap()
        self._glyphs = file.getGlyphSet()
        file.flavor = None
        plain = BytesIO()
        file.save(plain)
        plain.seek(0)
        self._measure = ImageFont.truetype(plain, _MEASURE)

    def outline(self, character: str) -> tuple[Points, ...]:
        """Return the closed contours of a character, its origin on the baseline at the left."""
        pen = _Flattener(self._glyphs)
        self._glyphs[self._names[ord(character)]].draw(pen)
        return tuple(
            stroke([*contour, contour[0]], _PIECE * self._em)[:-1] * (1 / self._em, -1 / self._em)
            for contour in pen.contours
            if len(contour) > 2
        )

    def advance(self, text: str) -> float:
        """Return the width of a text with its kerning, in em."""
        return self._measure.getlength(text, features=["-liga", "-calt"]) / _MEASURE
