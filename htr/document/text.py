"""Text as archives write it: graphemes, normal forms for comparison, hyphens, writing direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from htr.document.page import Direction

Normalisation: TypeAlias = Literal["none", "nfc", "loose"]

_ZWJ = "\u200d"
_XML_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"\s+")
_DOTS = re.compile(r"\.(?:\s*\.){2,}|…")
_NUMBERS = re.compile(r"(\d+)")
_HYPHENS = "-¬\u00ad\u2010\u2011"

# What `loose` folds, character by character; then runs of dots and of spaces are folded.
LOOSE_TABLE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−¬⸗\u00ad", "-"),
        "^": "",
        **{chr(code): None for code in range(0x200B, 0x2010)},  # zero-width and direction marks
    }
)


def graphemes(text: str) -> tuple[str, ...]:
    """Split text into what a reader takes for single characters: a letter with all its marks.

    Follows the rules of UAX #29 that handwriting needs (GB9, GB9a, GB11): marks (Mn, Mc, Me),
    joiners and emoji modifiers stay with what precedes them; Hangul syllables are expected
    composed. `"".join(graphemes(t)) == t`.
    """
    if text.isascii():
        return tuple(text)
    clusters: list[str] = []
    for character in text:
        if clusters and _extends(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return tuple(clusters)


def _extends(cluster: str, character: str) -> bool:
    if cluster[-1].isspace():
        return False
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character in (_ZWJ, "\u200c")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or (cluster[-1] == _ZWJ and unicodedata.category(character) == "So")
    )


def clean(text: str) -> str:
    """Return text in NFC with the characters that XML 1.0 forbids (section 2.2) as U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _XML_ILLEGAL.sub("\ufffd", text))


def normalise(text: str, form: Normalisation) -> str:
    """Return text as it is compared: `none` as it stands, `nfc`, or `loose`.

    `loose` is for transcriptions made under different rules. On top of NFC it folds quotes to `'`
    and `"`; dashes, `¬` and soft hyphens to `-`; superscripts to level letters, the mark `^` away;
    three dots or more, spaced or not, and `…` to `...`; zero-width characters away; runs of white
    space to one space, none at either end. Case and accents are kept.
    """
    if form == "none":
        return text
    if form == "nfc":
        return unicodedata.normalize("NFC", text)
    level = "".join(map(_level, unicodedata.normalize("NFC", text).translate(LOOSE_TABLE)))
    return _SPACES.sub(" ", _DOTS.sub("...", level)).strip()


def _level(character: str) -> str:
    """Return a superscript as the letters that it raises (`ᵗ` as `t`), all else as it is."""
    decomposition = unicodedata.decomposition(character)
    if not decomposition.startswith("<super>"):
        return character
    return "".join(chr(int(code, 16)) for code in decomposition.split()[1:])


def join_lines(lines: Iterable[str], form: Normalisation = "none") -> str:
    """Return the text of lines in reading order, normalised and joined by single spaces."""
    return " ".join(filter(None, (normalise(line, form) for line in lines)))


def join_hyphens(lines: Sequence[str]) -> str:
    """Return running text: a word that a hyphen splits at a line's end is made whole.

    A line's end counts as split where a hyphen or `¬` follows a letter and the next line goes on
    with a lower-case letter; other lines are joined by a space.
    """
    text = ""
    for line in lines:
        part = line.strip()
        if is_split(text, part):
            text = text[:-1] + part
        else:
            text = f"{text} {part}" if text and part else text + part
    return text


def is_split(line: str, following: str) -> bool:
    """Return whether a hyphen at a line's end splits a word that the following line goes on with.

    It does where a hyphen or `¬` follows a letter and the following line has a lower-case letter.
    """
    split = len(line) > 1 and line[-1] in _HYPHENS and line[-2].isalpha()
    return split and following[:1].islower()


def direction(text: str, default: Direction = "ltr") -> Direction:
    """Return the direction in which most of the text's strong characters run (UAX #9 classes)."""
    classes = [unicodedata.bidirectional(character) for character in text]
    right = sum(name in ("R", "AL") for name in classes)
    left = classes.count("L")
    if right == left:
        return default
    return "rtl" if right > left else "ltr"


def visible(character: str) -> str:
    """Return a character as people can see it: `␣` for a space, `∅` for none, marks on a `◌`.

    What cannot be printed is given by its code point, `U+00AD`.
    """
    if not character:
        return "∅"
    if character == " ":
        return "␣"
    if unicodedata.category(character[0]).startswith("M"):
        return "◌" + character
    return character if character.isprintable() else f"U+{ord(character):04X}"


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """Return a key that sorts names as people count: p2 before p10, letters without case."""
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part.casefold())
        for part in _NUMBERS.split(name)
        if part
    )
