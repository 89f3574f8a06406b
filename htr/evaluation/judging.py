"""Which words and letters of a transcription are right, each beside the confidence it was given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from htr.document.page import Word
from htr.document.text import Normalisation, normalise


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a word that was read, or one of its glyphs, is right; by their indexes.

    `edits` are the characters that a corrector has to change, add or remove there.
    """

    right: bool
    edits: int
    word: int
    glyph: int | None = None


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is right among the words of a text and among their glyphs."""

    words: tuple[Verdict, ...] = ()
    glyphs: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A word or a glyph that was read: how sure the machine was, in 0..1, and whether it is right.

    `edits` as in `Verdict`.
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
    """Return which words and glyphs are right (see `verdicts`), beside their confidences."""
    return with_confidences(verdicts(truth, words, normalisation), words)


def with_confidences(found: Verdicts, words: Sequence[Word]) -> Judgements:
    """Return verdicts on words beside the confidences that the words and their glyphs have."""
    by_glyph = (
        (words[one.word].glyphs[one.glyph].confidence, one)
        for one in found.glyphs
        if one.glyph is not None
    )
    return Judgements(
        _judged((words[one.word].confidence, one) for one in found.words), _judged(by_glyph)
    )


def _judged(found: Iterable[tuple[float | None, Verdict]]) -> tuple[Judged, ...]:
    return tuple(
        Judged(confidence, one.right, one.edits)
        for confidence, one in found
        if confidence is not None
    )


def verdicts(truth: str, words: Sequence[Word], normalisation: Normalisation) -> Verdicts:
    """Return which of the words that were read in a text, and which of their glyphs, are right.

    The truth is normalised already (`htr.document.text.normalise`), the words are here. Words are
    aligned with the truth's, and characters with its characters, by least edits (Levenshtein);
    right is what stands opposite its equal. What the truth has and the reading has not is no word
    that could be judged; its edits go to the word before which it is missing. Words that come to
    nothing when normalised are left out.
    """
    texts = [normalise(word.text, normalisation) for word in words]
    read = [(place, text) for place, text in enumerate(texts) if text.strip()]
    found = " ".join(text for _place, text in read)
    starts = [0]
    for _place, text in read[:-1]:
        starts.append(starts[-1] + len(text) + 1)
    edits = [0] * len(read)
    for edit in Levenshtein.editops(truth, found) if read else ():
        edits[bisect_right(starts, min(edit.dest_pos, len(found) - 1)) - 1] += 1
    right = _equal(truth.split(), [text for _place, text in read])
    letters = _equal(truth, found)
    return Verdicts(
        tuple(Verdict(at in right, edits[at], place) for at, (place, _text) in enumerate(read)),
        tuple(
            Verdict(good, 0 if good else 1, place, glyph)
            for (place, text), start in zip(read, starts, strict=False)
            for glyph, good in _glyphs(words[place], text, start, letters, normalisation)
        ),
    )


def _glyphs(
    word: Word, text: str, start: int, right: set[int], normalisation: Normalisation
) -> Iterable[tuple[int, bool]]:
    """Yield which glyphs of a word are right that stands, as `text`, at `start`."""
    own = [normalise(glyph.text, normalisation) for glyph in word.glyphs]
    # Runs of dots are one for the word and several for its glyphs: those beyond do not count.
    places = dict(_pairs("".join(own), text))
    first = 0
    for number, characters in enumerate(own):
        kept = [places[at] for at in range(first, first + len(characters)) if at in places]
        first += len(characters)
        if kept:
            yield number, all(start + at in right for at in kept)


def _equal(wanted: Sequence[str], found: Sequence[str]) -> set[int]:
    """Return the indexes of `found` that stand opposite an equal of `wanted`."""
    return {second for _first, second in _pairs(wanted, found)}


def _pairs(one: Sequence[str], other: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Yield the indexes of equal members that least edits put opposite each other."""
    if one == other:
        return ((at, at) for at in range(len(one)))
    blocks = Levenshtein.opcodes(one, other).as_matching_blocks()
    return ((block.a + at, block.b + at) for block in blocks for at in range(block.size))
