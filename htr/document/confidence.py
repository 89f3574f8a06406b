"""One rule for confidences: a word's is a probability, a line's and a page's are means.

A word is right if all its letters are, so its confidence is the product of its glyphs'. Over a
line or a page a product would only tell how long the text is, so theirs is the geometric mean of
what was read: a line's that of its glyphs and spaces, a page's that of its lines, each weighted by
its characters. Parts of unknown confidence are left out; where all are unknown, so is the whole.
docs/accuracy.md shows how these rules rank what was read wrong, against others.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, fsum, log, prod

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
    """Return a word's confidence: the product of its glyphs', in 0..1 to four decimals."""
    known = [glyph.confidence for glyph in word.glyphs if glyph.confidence is not None]
    return round(prod(known), _DIGITS) if known else None


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
