"""One rule for confidences: every level is the geometric mean of the level below.

A word's confidence is the geometric mean of its glyphs', a line's that of its glyphs' and spaces',
a page's that of its lines', each line weighted by its glyphs and spaces. So a page's is the
geometric mean over all its characters, and one doubtful letter pulls its word down without
drowning it. Parts of unknown confidence are left out; where all are unknown, so is the whole.
docs/accuracy.md shows how the rule ranks words that were read wrong against other rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, fsum, log

from htr.document.page import Line, Word

_LEAST = 1e-6  # a network can say 0.0; its logarithm must stay finite
_DIGITS = 4


def geometric_mean(parts: Iterable[tuple[float | None, float]]) -> float | None:
    """Return the weighted geometric mean of (confidence, weight) pairs, in 0..1 to four decimals.

    Unknown confidences (None) are left out; None comes back where nothing is known.
    """
    known = [(value, weight) for value, weight in parts if value is not None and weight > 0]
    if not known:
        return None
    total = fsum(weight for _, weight in known)
    mean = fsum(log(max(value, _LEAST)) * weight for value, weight in known) / total
    return round(min(1.0, exp(mean)), _DIGITS)


def of_word(word: Word) -> float | None:
    """Return a word's confidence from its glyphs'."""
    return geometric_mean((glyph.confidence, 1.0) for glyph in word.glyphs)


def of_line(line: Line) -> float | None:
    """Return a line's confidence from its glyphs' and the spaces' between its words."""
    return geometric_mean(
        part
        for word in line.words
        for part in (
            *((glyph.confidence, 1.0) for glyph in word.glyphs),
            *(((word.space.confidence, 1.0),) if word.space else ()),
        )
    )


def of_page(lines: Iterable[Line]) -> float | None:
    """Return a page's confidence from its lines', weighted by their characters."""
    return geometric_mean((line.confidence, float(len(line.text) or 1)) for line in lines)
