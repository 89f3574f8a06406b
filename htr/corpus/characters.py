"""Characters of a corpus: how often each occurs, and which are odd, why and where."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Literal, TypeAlias

Reason: TypeAlias = Literal[
    "control",
    "private",
    "unassigned",
    "invisible",
    "space",
    "mark",
    "confusable",
    "alphabet",
    "rare",
]

SERIOUS: frozenset[Reason] = frozenset(
    ("control", "private", "unassigned", "invisible", "mark", "confusable")
)
_PLACES = 5
_AROUND = 12
# First words of the Unicode names of letters that belong to no script of their own.
_NEUTRAL = frozenset(
    ("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "SUPERSCRIPT", "SUBSCRIPT", "MICRO")
)
# Cyrillic and Greek letters that look like Latin ones; a whole word of them may be a Latin word.
_LOOKALIKES = frozenset("аеорсухіјѕАВЕКМНОРСТХІЈЅοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_BY_CATEGORY: dict[str, Reason] = {
    "Cc": "control",
    "Co": "private",
    "Cn": "unassigned",
    "Cs": "unassigned",
    "Cf": "invisible",
    "Zs": "space",
    "Zl": "space",
    "Zp": "space",
}


@dataclass(frozen=True, slots=True)
class LineText:
    """A line's text in NFC, and the names of its page and of itself."""

    page: str
    line: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character stands, with what is around it."""

    page: str
    line: str
    around: str


@dataclass(frozen=True, slots=True)
class OddCharacter:
    """A character, how often it occurs, what is odd about it, and the first five places of it.

    `count` is that of the odd ones alone where only some are: marks without a letter, letters of
    another script within a word.
    """

    character: str
    count: int
    reasons: tuple[Reason, ...]
    places: tuple[Place, ...]

    @property
    def serious(self) -> bool:
        """Whether it is most likely a mistake, and not only rare or new to the model."""
        return not SERIOUS.isdisjoint(self.reasons)


def counted(lines: Iterable[LineText]) -> Counter[str]:
    """Return how often each character occurs in lines."""
    counts = Counter[str]()
    for line in lines:
        counts.update(line.text)
    return counts


def odd_characters(
    lines: Iterable[LineText], *, rare: int, alphabet: Set[str] | None = None
) -> tuple[OddCharacter, ...]:
    """Return the odd characters of lines, the likeliest mistakes first, then the rarest.

    Odd are control characters, those for private use, without meaning (U+FFFD too) or not to be
    seen, spaces that are not U+0020, marks on no letter, letters of another script within a Latin
    word, characters outside of `alphabet` (a model's, if given), and those that occur fewer than
    `rare` times.
    """
    lines = list(lines)
    counts = counted(lines)
    everywhere = {
        character: reasons
        for character, count in counts.items()
        if character != " " and (reasons := tuple(_reasons(character, count, rare, alphabet)))
    }
    found: defaultdict[tuple[str, tuple[Reason, ...]], list[Place]] = defaultdict(list)
    totals = Counter[tuple[str, tuple[Reason, ...]]]()
    for line in lines:
        here = _of_place(line.text)
        for at, character in enumerate(line.text):
            reasons = everywhere.get(character, ())
            if at in here:
                reasons = (here[at], *reasons)
            if reasons:
                _note(found, totals, line, at, reasons)
    odd = [OddCharacter(key[0], totals[key], key[1], tuple(found[key])) for key in found]
    return tuple(sorted(odd, key=lambda one: (not one.serious, one.count, one.character)))


def _note(
    found: defaultdict[tuple[str, tuple[Reason, ...]], list[Place]],
    totals: Counter[tuple[str, tuple[Reason, ...]]],
    line: LineText,
    at: int,
    reasons: tuple[Reason, ...],
) -> None:
    key = line.text[at], reasons
    totals[key] += 1
    if len(found[key]) < _PLACES:
        around = line.text[max(0, at - _AROUND) : at + _AROUND + 1]
        found[key].append(Place(line.page, line.line, around))


def _reasons(character: str, count: int, rare: int, alphabet: Set[str] | None) -> Iterator[Reason]:
    if character == "\ufffd":
        yield "unassigned"
    elif reason := _BY_CATEGORY.get(unicodedata.category(character)):
        yield reason
    if alphabet is not None and character not in alphabet:
        yield "alphabet"
    if count < rare:
        yield "rare"


def _of_place(text: str) -> dict[int, Reason]:
    """Return by their index the characters that are odd where they stand."""
    if text.isascii():
        return {}
    found: dict[int, Reason] = {}
    line_is_latin = _has_latin(text)
    start = 0
    for word in text.split(" "):
        letters = [character for character in word if character.isalpha()]
        latin = _has_latin(word) or (line_is_latin and _LOOKALIKES.issuperset(letters))
        for at, character in enumerate(word):
            if at == 0 and unicodedata.category(character).startswith("M"):
                found[start] = "mark"
            elif latin and (_script(character) or "LATIN") not in _NEUTRAL:
                found[start + at] = "confusable"
        start += len(word) + 1
    return found


def _has_latin(text: str) -> bool:
    return any(_script(character) == "LATIN" for character in text)


def _script(character: str) -> str | None:
    """Return the first word of a letter's Unicode name, which is its script's; None for others."""
    if not character.isalpha():
        return None
    return unicodedata.name(character, "LATIN").split()[0]
