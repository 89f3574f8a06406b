"""`htr train --task language`: what is said of a language model that was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click

from htr.errors import UsageProblem
from htr.i18n import _, decimal
from htr.training.language.settings import LanguageSettings, from_recipe
from htr.training.language.train import LanguageSummary, train_language

_SUFFIX = ".npz"


def run(
    sources: tuple[Path, ...],
    output: Path,
    given: Mapping[str, Any],
    recipe: Path | None = None,
    *,
    quiet: bool,
) -> None:
    """Make a language model and write it.

    `given` holds the options that the user gave, by the names of `LanguageSettings`' fields; they
    go before those of a recipe. Raises UsageProblem for one that a language model does not have.
    """
    model = output if output.suffix == _SUFFIX else output.with_name(output.name + _SUFFIX)
    summary = train_language(sources, model, settings(given, recipe))
    if not quiet:
        click.echo(text(summary), err=True)


def settings(given: Mapping[str, Any], recipe: Path | None = None) -> LanguageSettings:
    """Return the settings that options and a recipe make; raises UsageProblem, SettingsError."""
    start = LanguageSettings() if recipe is None else from_recipe(recipe)
    unknown = sorted(given.keys() - {field.name for field in fields(start)})
    if unknown:
        raise UsageProblem(
            _("With --task language there is no option for: {names}.").format(
                names=", ".join(unknown)
            ),
            hint=_("Leave it out; docs/language.md says which options there are."),
        )
    return replace(start, **given)


def text(summary: LanguageSummary) -> str:
    """Return what a person wants to know of a new language model."""
    said = [
        _(
            "Learned from {lines} lines of {pages} pages: {n} characters, {letters} different."
        ).format(
            lines=summary.lines,
            pages=summary.pages,
            n=summary.characters,
            letters=summary.letters,
        )
    ]
    if summary.perplexity is not None:
        said.append(
            _("Perplexity on {n} pages held out: {perplexity} a letter.").format(
                n=summary.held_out, perplexity=decimal(summary.perplexity, 2)
            )
        )
    said.append(
        _("{model} was written: {n} n-grams of up to {order} letters, {size} MB.").format(
            model=summary.output,
            n=summary.ngrams,
            order=summary.order,
            size=decimal(summary.size / 1e6),
        )
    )
    return "\n".join(said)
