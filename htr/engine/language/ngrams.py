"""N-grams of letters with back-off, and the file that holds them."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from htr.engine.language.arrays import Doubles, Ints
from htr.errors import BrokenModel
from htr.i18n import _

END, START, UNKNOWN = 0, 1, 2  # the symbols that are no letters
LETTERS = 3  # the symbol of the first letter
_FORM = "htr-ngrams-1"
_STEP = 1 / 16  # nats: costs are kept in a byte, which moves the perplexity by less than 0.1 %
_MOST = 255
_ARRAYS = ("symbols", "children", "costs", "backoffs")


@dataclass(frozen=True, slots=True)
class Ngrams:
    """All n-grams of a model as a tree, level by level, and within a level by the letters.

    Node 0 is the empty context; each n-gram is one more. `children` (nodes of all levels but the
    last) says how many n-grams go on from a node; `symbols` (n-grams) is the last symbol of each,
    `costs` the negative logarithm of its probability and `backoffs` (as `children`) that of the
    weight of shorter contexts, in nats. Symbol 0 is the line's end, 1 its beginning, 2 any letter
    that is not in `letters`, and 3 the first of `letters`.
    """

    letters: str
    symbols: Ints
    children: Ints
    costs: Doubles
    backoffs: Doubles

    @property
    def size(self) -> int:
        """How many different symbols there are."""
        return LETTERS + len(self.letters)


def packed(ngrams: Ngrams) -> bytes:
    """Return n-grams as a file: a compressed NumPy archive; the same n-grams, the same bytes."""
    head = json.dumps({"form": _FORM, "letters": ngrams.letters})
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        head=np.frombuffer(head.encode(), np.uint8),
        symbols=ngrams.symbols.astype(np.uint16),
        children=ngrams.children.astype(np.uint16),
        costs=_coarse(ngrams.costs),
        backoffs=_coarse(ngrams.backoffs),
    )
    return buffer.getvalue()


def _coarse(costs: Doubles) -> npt.NDArray[np.uint8]:
    return np.clip(np.round(costs / _STEP), 0, _MOST).astype(np.uint8)


def unpacked(data: bytes, path: Path) -> Ngrams:
    """Return the n-grams in a file's bytes; raises BrokenModel where it holds none."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            head = json.loads(archive["head"].tobytes())
            arrays = {name: archive[name] for name in _ARRAYS}
        if head["form"] != _FORM:
            raise ValueError(head["form"])
        ngrams = Ngrams(
            str(head["letters"]),
            arrays["symbols"].astype(np.int64),
            arrays["children"].astype(np.int64),
            arrays["costs"] * _STEP,
            arrays["backoffs"] * _STEP,
        )
        _check(ngrams)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise BrokenModel(
            _("This file is not a language model of htr."),
            path=path,
            hint=_("`htr train --task language` makes one; `htr models list` names those of htr."),
        ) from error
    return ngrams


def _check(ngrams: Ngrams) -> None:
    """Raise ValueError where the arrays do not fit together."""
    number = len(ngrams.symbols)
    fits = (
        len(ngrams.costs) == number
        and len(ngrams.backoffs) == len(ngrams.children) <= number + 1
        and ngrams.children.sum() == number
        and number > 0
        and int(ngrams.symbols.max()) < ngrams.size
        and np.array_equal(ngrams.symbols[: ngrams.children[0]], np.arange(ngrams.size))
    )
    if not fits:
        raise ValueError("arrays")
