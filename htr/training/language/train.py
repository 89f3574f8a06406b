"""A language model learned from texts, measured and written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from htr.corpus.lines import Choice
from htr.engine.language.arrays import Ints
from htr.engine.language.automaton import LanguageModel
from htr.engine.language.ngrams import Ngrams, packed
from htr.errors import SettingsError
from htr.i18n import _
from htr.pipeline.files import write_whole
from htr.training.language.counts import count, letters_of, longest_order
from htr.training.language.kneser_ney import estimate
from htr.training.language.settings import LanguageSettings
from htr.training.language.texts import PageText, read_texts

_ALWAYS = 3  # n-grams of so many letters are kept, however rare


@dataclass(frozen=True, slots=True)
class LanguageSummary:
    """What a language model was made of, and how well it foretells held-out pages.

    `perplexity` is that of a model made without these pages, in letters (of which the end of a
    line is one); None where there are too few pages to hold any out. `size` is the file's, bytes.
    """

    output: Path
    sha256: str
    size: int
    pages: int
    lines: int
    characters: int
    letters: int
    order: int
    ngrams: int
    held_out: int
    perplexity: float | None


def train_language(
    sources: Sequence[Path], output: Path, settings: LanguageSettings | None = None
) -> LanguageSummary:
    """Make a model of the text in sources and write it; return what came of it.

    Raises what `read_texts` raises, SettingsError where n-grams are to be longer than a number
    can hold, and OutputError.
    """
    settings = settings or LanguageSettings()
    choice = Choice(settings.all_lines, settings.normalisation, settings.left_out)
    pages = read_texts(sources, choice)
    held_out, rest = divided(pages, settings.held_out)
    perplexity = None
    if held_out and rest:
        perplexity = perplexity_of(LanguageModel(ngrams_of(rest, settings)), lines_of(held_out))
    ngrams = ngrams_of(pages, settings)
    data = packed(ngrams)
    write_whole(output, data)
    lines = lines_of(pages)
    return LanguageSummary(
        output,
        hashlib.sha256(data).hexdigest(),
        len(data),
        len(pages),
        len(lines),
        sum(map(len, lines)),
        len(ngrams.letters),
        settings.order,
        len(ngrams.symbols),
        len(held_out),
        perplexity,
    )


def lines_of(pages: Sequence[PageText]) -> list[str]:
    """Return the lines of pages in order."""
    return [line for page in pages for line in page.lines]


def divided(pages: Sequence[PageText], share: float) -> tuple[list[PageText], list[PageText]]:
    """Return a share of the pages, chosen by their names' digests, and the others."""

    def chance(page: PageText) -> int:
        return int.from_bytes(hashlib.sha256(page.name.encode()).digest()[:4])

    limit = share * 2**32
    return (
        [page for page in pages if chance(page) < limit],
        [page for page in pages if chance(page) >= limit],
    )


def ngrams_of(pages: Sequence[PageText], settings: LanguageSettings) -> Ngrams:
    """Return the model of pages' lines; raises SettingsError for an order that is too high."""
    lines = lines_of(pages)
    letters = letters_of(lines, settings.letters)
    longest = longest_order(letters)
    if not 1 <= settings.order <= longest:
        raise SettingsError(
            _("With {n} different letters, n-grams may have {longest} letters at most.").format(
                n=len(letters), longest=longest
            ),
            hint=_("Give a smaller --order."),
        )
    short = min(_ALWAYS, settings.order)
    least = (1,) * short + (settings.prune,) * (settings.order - short)
    return estimate(count(lines, letters, settings.order), letters, least)


def perplexity_of(model: LanguageModel, lines: Sequence[str]) -> float:
    """Return exp(mean of -log p) over the letters of lines and their ends."""
    longest = max(map(len, lines))
    symbols = np.full((len(lines), longest), -1, np.int64)
    for row, line in enumerate(lines):
        symbols[row, : len(line)] = [model.symbol(letter) for letter in line]
    states: Ints = np.full(len(lines), model.start)
    total = 0.0
    for column in symbols.T:
        inside = column >= 0
        states[inside], factors = model.step(states[inside], column[inside])
        total += float(np.log(factors).sum())
    total += float(np.log(model.end(states)).sum())
    return float(np.exp(-total / (sum(map(len, lines)) + len(lines))))
