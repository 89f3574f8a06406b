"""`htr train --task layout`: the bar, what is said before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from htr.i18n import _, decimal, percent
from htr.training.layout.outcome import Progress, Start
from htr.training.layout.run import train_layout
from htr.training.layout.settings import LayoutSettings
from htr.training.layout.truth import reason_text
from htr.training.layout.written import report

_SUFFIXES = (".mlmodel", ".safetensors")


def run(sources: tuple[Path, ...], output: Path, settings: LayoutSettings, *, quiet: bool) -> None:
    """Train a segmenter, and write it with its card, index entry and figures."""
    model = output if output.suffix in _SUFFIXES else output.with_name(output.name + _SUFFIXES[0])
    with _Bar(quiet) as bar:
        outcome = train_layout(sources, model, settings, bar.observe)
    if not quiet:
        click.echo(report(outcome), err=True)
        click.echo(
            _("{model} was written in {minutes} min, with its card and figures beside it.").format(
                model=model, minutes=decimal(outcome.seconds / 60)
            ),
            err=True,
        )


class _Bar:
    """Shows on a terminal how far a training is and how well layouts are found so far."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def observe(self, step: Start | Progress) -> None:
        """Show one more step."""
        if isinstance(step, Start):
            if not self._quiet:
                click.echo("\n".join(_said(step)), err=True)
            return
        if self._bar is None:
            self._bar = tqdm(
                total=100,
                desc=_("training"),
                disable=True if self._quiet else None,
                bar_format="{desc} {percentage:3.0f} % {bar} {elapsed} < {remaining} {postfix}",
            )
        if step.ended is not None:
            lines = step.ended.scores.lines
            self._bar.set_postfix_str(
                _("lines: precision {precision}, recall {recall}").format(
                    precision=percent(lines.precision), recall=percent(lines.recall)
                ),
                refresh=False,
            )
        self._bar.update(100 * step.done - self._bar.n)


def _said(start: Start) -> list[str]:
    said = [start.division.text()]
    said += [
        _("Left out: {name} ({reason}).").format(name=name, reason=reason_text(reason))
        for name, reason in start.left_out.items()
    ]
    kinds = ", ".join(f"{kind} {count}" for kind, count in start.kinds.items())
    return [*said, _("Kinds that are learned: {kinds}.").format(kinds=kinds)]
