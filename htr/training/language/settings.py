"""How a language model is trained: the options of `htr train --task language`, and recipes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from htr.document.text import Normalisation
from htr.errors import SettingsError
from htr.i18n import _


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


def from_recipe(path: Path) -> LanguageSettings:
    """Return the settings in a recipe (TOML); raises SettingsError.

    Keys that are no settings, such as where the text comes from, are notes in the table `made`.
    """
    known = {field.name for field in fields(LanguageSettings)}
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        table.pop("made", None)
        if table.keys() - known:
            raise ValueError(", ".join(sorted(table.keys() - known)))
    except (OSError, ValueError) as error:
        raise SettingsError(
            _("This recipe cannot be read ({reason}).").format(reason=error),
            path=path,
            hint=_("Known are: {names}.").format(names=", ".join(sorted(known))),
        ) from error
    if "left_out" in table:
        table["left_out"] = tuple(table["left_out"])
    return replace(LanguageSettings(), **table)
