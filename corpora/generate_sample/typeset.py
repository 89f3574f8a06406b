"""Writes text by hand: words become glyph outlines on an uneven baseline, in flat page pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from font import Font
from shapes import Points

Bend = Callable[[Points], Points]


@dataclass(frozen=True)
class Hand:
    """A writer: typeface, size in pixels, and how unevenly they write (1.0 is ordinary)."""

    font: Font
    size: float
    word_space: float = 0.27  # em
    tracking: float = 0.0  # em between letters
    width: float = 1.0  # letters stretched sideways
    uneven: float = 1.0

    def measure(self, text: str) -> float:
        """Return the width of a text in pixels, before any unevenness."""
        words = text.split(" ")
        ems = sum(self.font.advance(word) + self.tracking * len(word) for word in words)
        return self.size * self.width * (ems + self.word_space * (len(words) - 1))


@dataclass(frozen=True)
class Mark:
    """One written character: its contours, and how dark its ink is (1.0 is fresh)."""

    text: str
    contours: tuple[Points, ...]
    ink: float

    @property
    def points(self) -> Points:
        return np.concatenate(self.contours)


@dataclass(frozen=True)
class Written:
    """A written line: words of marks, and the baseline under them."""

    words: tuple[tuple[Mark, ...], ...]
    baseline: Points
    kind: str = "DefaultLine"

    def bent(self, bend: Bend) -> Written:
        """Return the line with every point moved by `bend`."""
        words = tuple(
            tuple(replace(mark, contours=tuple(map(bend, mark.contours))) for mark in word)
            for word in self.words
        )
        return replace(self, words=words, baseline=bend(self.baseline))

    @property
    def marks(self) -> Iterator[Mark]:
        return (mark for word in self.words for mark in word)


@dataclass
class Pen:
    """A pen that runs dry word by word and is dipped again; darkness goes on from line to line."""

    rng: np.random.Generator
    freshness: float = 1.0
    fade: float = field(default=0.035)

    def next_word(self) -> float:
        """Return the ink for one word."""
        self.freshness -= self.fade * self.rng.uniform(0.3, 1.7)
        if self.freshness < 1 - self.fade * 8:
            self.freshness = float(self.rng.uniform(0.95, 1.05))
        return self.freshness


def write(
    hand: Hand, text: str, at: tuple[float, float], pen: Pen, kind: str = "DefaultLine"
) -> Written:
    """Return a text written from the point `at`, the baseline's left end."""
    rng, (x, y) = pen.rng, at
    phase, slope = rng.uniform(0, 6.28), rng.normal(0, 0.0035) * hand.uneven
    words, baseline = [], []
    for text_word in text.split(" "):
        drift = 2.4 * hand.uneven * np.sin(phase + (x - at[0]) / 190) + slope * (x - at[0])
        base = y + float(drift) + rng.normal(0, 0.7) * hand.uneven
        size = hand.size * (1 + rng.normal(0, 0.018) * hand.uneven)
        word, end = _write_word(replace(hand, size=size), text_word, (x, base), pen)
        words.append(word)
        baseline += [(x, base), (end, base)]
        x = end + hand.size * hand.width * hand.word_space * rng.uniform(0.85, 1.2)
    return Written(tuple(words), np.array(baseline), kind)


def _write_word(
    hand: Hand, text: str, at: tuple[float, float], pen: Pen
) -> tuple[tuple[Mark, ...], float]:
    rng, ink = pen.rng, pen.next_word()
    slant = rng.normal(0, 0.022) * hand.uneven
    shape = np.array([[hand.width, 0.0], [-slant, 1.0]]) * hand.size
    marks = []
    for index, character in enumerate(text):
        offset = hand.font.advance(text[: index + 1]) - hand.font.advance(character)
        origin = (
            at[0] + (offset + hand.tracking * index) * hand.size * hand.width,
            at[1] + rng.normal(0, 0.35) * hand.uneven,
        )
        grown = shape * (1 + rng.normal(0, 0.012) * hand.uneven)
        contours = tuple(outline @ grown + origin for outline in hand.font.outline(character))
        marks.append(Mark(character, contours, ink))
    return tuple(marks), at[0] + hand.measure(text)


def wrap(hand: Hand, text: str, width: float, indent: float = 0.0) -> list[str]:
    """Break a paragraph into lines that are `width` pixels at most, at spaces or soft hyphens."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        room = width - (0 if lines else indent)
        if hand.measure(joined.replace("\u00ad", "")) <= room:
            line = joined
            continue
        head, tail = _split(hand, line, word, room)
        lines.append(f"{line} {head}" if head else line)
        line = tail
    return [part.replace("\u00ad", "") for part in (*lines, line)]


def _split(hand: Hand, line: str, word: str, room: float) -> tuple[str, str]:
    """Return the longest hyphened start of a word that still fits on the line, and the rest."""
    parts = word.split("\u00ad")
    for count in range(len(parts) - 1, 0, -1):
        head = "".join(parts[:count]) + "-"
        if hand.measure(f"{line} {head}".replace("\u00ad", "")) <= room:
            return head, "\u00ad".join(parts[count:])
    return "", word


def paragraphs(
    hand: Hand,
    texts: Iterable[str],
    at: tuple[float, float],
    width: float,
    pitch: float,
    pen: Pen,
    indent: float = 50.0,
) -> tuple[Written, ...]:
    """Return paragraphs written one below the other from `at`, the first baseline's left end."""
    lines: list[Written] = []
    for text in texts:
        for index, line in enumerate(wrap(hand, text, width, indent)):
            x = at[0] + (indent if index == 0 else 0) + pen.rng.normal(0, 3)
            y = at[1] + pitch * len(lines) + pen.rng.normal(0, 1.2)
            lines.append(write(hand, line, (float(x), float(y)), pen))
    return tuple(lines)
