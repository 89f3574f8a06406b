"""Which words and letters of a transcription are right, each beside the confidence it was given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from htr.document.page import Word
from htr.document.text import Normalisation, normalise


@dataclass(frozen=True, slots=True)
class Judged:
    """A glyph or a word that was read: how sure the machine was, in 0..1, and whether it is right.

    `edits` are the characters that a corrector has to change, add or remove there.
    """

    confidence: float
    right: bool
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Judgements:
    """The words and the glyphs of a text that have a confidence, judged; judgements add up."""

    words: tuple[Judged, ...] = ()
    glyphs: tuple[Judged, ...] = ()

    @classmethod
    def all_of(cls, parts: Iterable[Judgements]) -> Judgements:
        """Return the judgements of several texts together, in their order."""
        known = list(parts)
        return cls(
            tuple(word for part in known for word in part.words),
            tuple(glyph for part in known for glyph in part.glyphs),
        )


NOTHING = Judgements()


def judge(truth: str, words: Sequence[Word], normalisation: Normalisation) -> Judgements:
    """Return which of the words that were read in a text, and which of their glyphs, are right.

    The truth is normalised already (`htr.document.text.normalise`), the words are here. Words are
    aligned with the truth's, and characters with its characters, by least edits (Levenshtein);
    right is what stands opposite its equal. What the truth has and the reading has not is no word
    that could be judged; its edits go to the word before which it is missing. Words that come to
    nothing when normalised are left out.
    """
    read = [(word, text) for word in words if (text := normalise(word.text, normalisation)).strip()]
    found = " ".join(text for _word, text in read)
    starts = [0]
    for _word, text in read[:-1]:
        starts.append(starts[-1] + len(text) + 1)
    edits = [0] * len(read)
    for edit in Levenshtein.editops(truth, found) if read else ():
        edits[bisect_right(starts, min(edit.dest_pos, len(found) - 1)) - 1] += 1
    right = _equal(truth.split(), [text for _word, text in read])
    letters = _equal(truth, found)
    return Judgements(
        tuple(
            Judged(word.confidence, at in right, edits[at])
            for at, (word, _text) in enumerate(read)
            if word.confidence is not None
        ),
        tuple(
            judged
            for (word, text), start in zip(read, starts, strict=False)
            for judged in _glyphs(word, text, start, letters, normalisation)
        ),
    )


def _glyphs(
    word: Word, text: str, start: int, right: set[int], normalisation: Normalisation
) -> Iterable[Judged]:
    """Yield the glyphs of a word that stands, as `text`, at `start` of what was read."""
    own = [normalise(glyph.text, normalisation) for glyph in word.glyphs]
    # Runs of dots are one for the word and several for its glyphs: those beyond do not count.
    places = dict(_pairs("".join(own), text))
    first = 0
    for glyph, characters in zip(word.glyphs, own, strict=True):
        kept = [places[at] for at in range(first, first + len(characters)) if at in places]
        first += len(characters)
        if kept and glyph.confidence is not None:
            good = all(start + at in right for at in kept)
            yield Judged(glyph.confidence, good, 0 if good else 1)


def _equal(wanted: Sequence[str], found: Sequence[str]) -> set[int]:
    """Return the indexes of `found` that stand opposite an equal of `wanted`."""
    return {second for _first, second in _pairs(wanted, found)}


def _pairs(one: Sequence[str], other: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Yield the indexes of equal members that least edits put opposite each other."""
    if one == other:
        return ((at, at) for at in range(len(one)))
    blocks = Levenshtein.opcodes(one, other).as_matching_blocks()
    return ((block.a + at, block.b + at) for block in blocks for at in range(block.size))
