"""Characters that a recogniser is to write: those that it knows, and those that are new to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from htr.corpus.text_line import TextLine
from htr.training.outcome import NewCharacter

RARE = 5  # lines: what stands in fewer is hardly learned, and often a slip of the transcriber
_PLACES = 5


def unknown(lines: Iterable[TextLine], known: frozenset[str]) -> tuple[NewCharacter, ...]:
    """Return the characters of lines that are not among the known, the commonest first."""
    return tuple(one for one in counted(lines) if one.character not in known)


def rare(lines: Iterable[TextLine]) -> tuple[NewCharacter, ...]:
    """Return the characters that stand in fewer than five lines, the rarest last."""
    return tuple(one for one in counted(lines) if one.count < RARE)


def counted(lines: Iterable[TextLine]) -> tuple[NewCharacter, ...]:
    """Return all characters with the number of lines they stand in, the commonest first."""
    counts: dict[str, int] = defaultdict(int)
    places: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for character in set(line.text):
            counts[character] += 1
            if len(places[character]) < _PLACES:
                places[character].append(", ".join(filter(None, (line.page, line.id))))
    order = sorted(counts, key=lambda character: (-counts[character], character))
    return tuple(
        NewCharacter(character, counts[character], tuple(places[character])) for character in order
    )


def writable(lines: Sequence[TextLine], known: frozenset[str]) -> list[TextLine]:
    """Return the lines that hold known characters only."""
    return [line for line in lines if known.issuperset(line.text)]
