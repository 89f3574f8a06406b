"""How a recogniser is trained: the options of `htr train`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from htr.document.text import Normalisation

SCRATCH = "none"


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """What to learn and for how long.

    `base` is a model's name or file, None for the default one, or `none` for a new network of
    `spec` (VGSL without its output; None for the usual one). `held_out` is the share of the
    characters that progress is measured on, by `split`; None for a tenth, or three pages of ten
    or more if that is more: fewer say too little. The training ends after `passes` over the
    lines or `minutes` of work, or when the held-out CER has not fallen for `patience` measurements.
    `keep` are pages or tars of other hands that the model should go on reading; `mix` are other
    lines to learn from, `mix_share` of all. With `curve`, smaller trainings tell what more lines
    would bring. `left_out` are marks of lines that do not count. With `fixed_alphabet`, lines
    with characters that the base does not know are left out; `without` are patterns (`*`, `?`) of
    pages that are left out, as `collection/page`.
    """

    base: str | None = None
    spec: str | None = None
    all_lines: bool = False
    normalisation: Normalisation = "nfc"
    left_out: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fixed_alphabet: bool = False
    split: Literal["auto", "page", "document", "hand"] = "auto"
    held_out: float | None = None
    passes: int = 60
    minutes: float | None = None
    patience: int = 12
    learning_rate: float = 1e-3
    batch_pixels: int = 8_000
    keep: tuple[str, ...] = ()
    mix: tuple[str, ...] = ()
    mix_share: float = 0.3
    curve: bool = True
    seed: int = 0
    device: str = "cpu"
    threads: int | None = None
    resume: bool = False
