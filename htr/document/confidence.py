"""Rules for confidences: a word's is a probability, a line's and a page's are means.

A word is right if all its letters are, so its confidence is the product of its glyphs'. That takes
letters to be right or wrong independently, which they are not; where a model was calibrated, a
logistic function of the product and of what else tells (see `WordRule`) says how often such words
are right. Over a line or a page a product would only tell how long the text is, so theirs is the
geometric mean of what was read: a line's that of its glyphs and spaces, a page's that of its
lines, each weighted by its characters. Parts of unknown confidence are left out; where all are
unknown, so is the whole. docs/trust.md shows how these rules rank what was read wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, fsum, log, prod
from typing import TypeAlias

from htr.document.page import Line, Space, Word

_LEAST = 1e-6  # a network can say 0.0; its logarithm must stay finite
_SURE = 1e-4  # nearer to 0 or 1 than this, confidences tell no more
_DIGITS = 4

Evidence: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class WordRule:
    """How often words are right, by what is known of them: weights of a logistic function.

    In the order of `evidence`: the logarithm of the product of the glyphs' confidences, and the
    log-odds of the least of them, of the less sure space beside the word, and of the line.
    """

    intercept: float
    product: float
    least: float
    space: float
    line: float

    def confidence(self, known: Evidence) -> float:
        """Return a word's confidence, in 0..1 to four decimals."""
        weights = (self.product, self.least, self.space, self.line)
        odds = self.intercept + fsum(w * x for w, x in zip(weights, known, strict=True))
        return round(1 / (1 + exp(-max(-30.0, min(30.0, odds)))), _DIGITS)


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


def evidence(line: Line) -> tuple[Evidence | None, ...]:
    """Return what tells of each word of a line whether it is right (see `WordRule`).

    None for words of unknown confidence. A word without a space beside it has the line's
    confidence for the space's.
    """
    whole = of_line(line)
    spaces: list[Space | None] = [None, *(word.space for word in line.words)]
    found: list[Evidence | None] = []
    for word, before in zip(line.words, spaces, strict=False):
        known = [glyph.confidence for glyph in word.glyphs if glyph.confidence is not None]
        if not known or whole is None:
            found.append(None)
            continue
        beside = [one.confidence for one in (before, word.space) if one is not None]
        space = min((one for one in beside if one is not None), default=whole)
        found.append(
            (log(max(prod(known), _SURE)), log_odds(min(known)), log_odds(space), log_odds(whole))
        )
    return tuple(found)


def log_odds(confidence: float) -> float:
    """Return log(p / (1 - p)), kept finite."""
    known = max(_SURE, min(1 - _SURE, confidence))
    return log(known / (1 - known))


def with_words(line: Line, rule: WordRule | None) -> Line:
    """Return a line with its words' confidences: by a rule, or else the products of the glyphs'."""
    if rule is None:
        words = tuple(replace(word, confidence=of_word(word)) for word in line.words)
    else:
        words = tuple(
            replace(word, confidence=None if known is None else rule.confidence(known))
            for word, known in zip(line.words, evidence(line), strict=True)
        )
    return replace(line, words=words)


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
