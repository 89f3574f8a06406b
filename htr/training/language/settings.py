"""How a language model is trained: the options of `htr train --task language`."""

from __future__ import annotations

from dataclasses import dataclass

from htr.document.text import Normalisation


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """What a language model learns from, and how much of it is kept.

    `order` is the length of the longest n-grams, in letters. Of n-grams of more than three letters
    those are kept that stand in the text at least `prune` times, and of letters, those that stand
    there `letters` times. `held_out` is the share of the pages on which its perplexity is measured
    first; the model itself is made of all. For the others see `htr.corpus.lines.Choice`.
    """

    order: int = 7
    prune: int = 1
    letters: int = 2
    held_out: float = 0.05
    all_lines: bool = False
    normalisation: Normalisation = "loose"
    left_out: tuple[str, ...] = ("XXX",)
