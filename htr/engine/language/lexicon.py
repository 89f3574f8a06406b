"""Names and places that are likely to be written: words that weigh more where they are read."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from htr.engine.language.arrays import Bools, Doubles, Ints
from htr.engine.language.tree import Tree
from htr.engine.models import ModelFile
from htr.errors import InputError, NotFound, NothingToDo
from htr.i18n import _

_SHORTEST = 3  # letters: shorter words, such as `de` and `la`, need no help
_OTHER, _BETWEEN = 0, 1  # symbols: a letter that no word has, and what is no letter
_LETTERS = 2
_AWAY, _BEGIN = 0, 1  # states: in a word that is none of these, and where a word may begin


def read_lexicon(path: Path) -> tuple[str, ...]:
    """Return the words of a text file, a name or place a line; each word of a line counts.

    Raises NotFound where it cannot be read, InputError where it is no text, and NothingToDo where
    there is no word in it.
    """
    try:
        text = _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            _("This list of names is not text in UTF-8."),
            path=path,
            hint=_("Save it as plain text, with one name or place a line."),
        ) from error
    words = tuple(sorted(set(_words(text))))
    if not words:
        raise NothingToDo(
            _("There are no names in this list."),
            path=path,
            hint=_("Write one name or place a line; words of one or two letters do not count."),
        )
    return words


def lexicon_file(path: Path) -> ModelFile:
    """Return the file of a lexicon with its hash; raises what `read_lexicon` raises."""
    read_lexicon(path)
    return ModelFile(path.name, path, hashlib.sha256(_bytes(path)).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(
            _("This list of names cannot be read ({reason}).").format(reason=error.strerror),
            path=path,
            hint=_("Check the path."),
        ) from error


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def _words(text: str) -> Iterator[str]:
    """Yield the runs of letters that are long enough, in NFC."""
    composed = unicodedata.normalize("NFC", text)
    apart = "".join(letter if _is_letter(letter) else " " for letter in composed)
    return (word for word in apart.split() if len(word) >= _SHORTEST)


class Lexicon:
    """An automaton that gives `bonus`, in nats a letter, to words that it knows.

    What is given letter by letter is taken back as soon as the word turns out to be another one,
    so that a word that only begins like a name weighs what it did.
    """

    def __init__(self, words: Iterable[str], bonus: float) -> None:
        known = sorted(set(words))
        letters = sorted({letter for word in known for letter in word})
        self._known = {letter: symbol for symbol, letter in enumerate(letters, _LETTERS)}
        symbols, children, depths, whole = self._grown(known)
        # The tree's nodes begin with its root, which is the state after _AWAY.
        self._tree = Tree(symbols, children, _LETTERS + len(letters))
        self._whole = np.append(False, whole)
        self._given = bonus * np.append(0, depths)
        self.states = len(depths) + 1
        self.start = _BEGIN

    def _grown(self, words: list[str]) -> tuple[Ints, Ints, Ints, Bools]:
        """Return the tree of words: each edge's symbol, each node's edges and depth, and if it
        ends a word.
        """
        level = {"": words}
        symbols, children, depths, whole = [], [], [], []
        depth = 0
        while level:
            below: dict[str, list[str]] = {}
            for beginning, having in level.items():
                before = len(below)
                for word in having:
                    if len(word) > depth:
                        below.setdefault(word[: depth + 1], []).append(word)
                children.append(len(below) - before)
                depths.append(depth)
                whole.append(beginning in having and depth > 0)
            symbols += [self._known[beginning[-1]] for beginning in below]
            level, depth = below, depth + 1
        return np.array(symbols), np.array(children), np.array(depths), np.array(whole)

    def symbol(self, letter: str) -> int:
        """Return the symbol that stands for a letter."""
        return self._known.get(letter, _OTHER if _is_letter(letter) else _BETWEEN)

    def step(self, states: Ints, symbols: Ints) -> tuple[Ints, Doubles]:
        """Return the states (K,) that symbols (K,) lead to from states (K,), and the factors."""
        edges, known = self._tree(np.maximum(states - 1, 0), symbols)
        known &= (states != _AWAY) & (symbols >= _LETTERS)
        following = np.where(known, edges + 2, np.where(symbols == _BETWEEN, _BEGIN, _AWAY))
        kept = (symbols == _BETWEEN) & self._whole[states]
        gained = np.where(kept, 0, self._given[following] - self._given[states])
        return following, np.exp(gained)

    def end(self, states: Ints) -> Doubles:
        """Return the factors for lines that end at these states (any shape)."""
        return np.exp(np.where(self._whole[states], 0, -self._given[states]))
