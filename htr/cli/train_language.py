"""`htr train --task language`: what is said of a language model that was made."""

from __future__ import annotations

from pathlib import Path

import click

from htr.i18n import _, decimal
from htr.training.language.settings import LanguageSettings
from htr.training.language.train import LanguageSummary, train_language

_SUFFIX = ".npz"


def run(
    sources: tuple[Path, ...], output: Path, settings: LanguageSettings, *, quiet: bool
) -> None:
    """Make a language model and write it."""
    model = output if output.suffix == _SUFFIX else output.with_name(output.name + _SUFFIX)
    summary = train_language(sources, model, settings)
    if not quiet:
        click.echo(text(summary), err=True)


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
