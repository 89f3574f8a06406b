"""`htr train` for recognisers: the bar, what is said before and after, and the files it leaves."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import Any

import click
from tqdm import tqdm

from htr.i18n import _, decimal, ngettext, percent
from htr.training.findings import findings
from htr.training.outcome import NewCharacter, Outcome
from htr.training.publish import model_path, publish, report_path
from htr.training.recognition import Preparation, Progress, train
from htr.training.settings import TrainSettings

_SHOWN = 20


def run(
    sources: tuple[Path, ...], output: Path, settings: TrainSettings, *, command: str, quiet: bool
) -> None:
    """Train a recogniser, and write it with its report, its log and its model card.

    `command` is what the user typed, for the card.
    """
    model = model_path(output)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _Bar(quiet) as bar:
            outcome = train(sources, model, settings, bar.observe)
    except KeyboardInterrupt:
        click.echo(_("The same command with --resume goes on from here."), err=True)
        raise
    outcome = publish(outcome, model, command)
    if not quiet:
        click.echo(_summary(outcome, model), err=True)


class _Bar:
    """Shows on a terminal how far a training is and how well the model reads so far."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None
        self._lines = 0.0

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def observe(self, step: Progress | Preparation) -> None:
        """Show one more step."""
        if isinstance(step, Preparation):
            if not self._quiet:
                click.echo("\n".join(_prepared(step)), err=True)
            return
        if self._bar is None or step.lines != self._lines:
            self._begin(step)
        cer = _("CER {cer}").format(cer=percent(step.moment.cer))
        self._bar.set_postfix_str(cer, refresh=False)
        self._bar.update(100 * step.done - self._bar.n)

    def _begin(self, step: Progress) -> None:
        if self._bar is not None:
            self._bar.close()
        self._lines = step.lines
        what = (
            _("training")
            if step.lines == 1
            else _("training on {share} of the lines").format(share=percent(step.lines, 0))
        )
        self._bar = tqdm(
            total=100,
            desc=what,
            disable=True if self._quiet else None,
            bar_format="{desc} {percentage:3.0f} % {bar} {elapsed} < {remaining} {postfix}",
        )


def _prepared(step: Preparation) -> list[str]:
    said = [step.split]
    if step.new_characters:
        said.append(
            ngettext(
                "{n} character is new to the model and is learned:",
                "{n} characters are new to the model and are learned:",
                len(step.new_characters),
            ).format(n=len(step.new_characters))
        )
        said += [_character(one) for one in step.new_characters[:_SHOWN]]
    if step.rare_characters:
        said.append(
            _("Rare characters, which may be slips of the transcription (all are in the report):")
        )
        said += [_character(one) for one in step.rare_characters[-_SHOWN:]]
    if step.left_out:
        said.append(
            ngettext(
                "{n} line is left out: its text cannot stand on it, or has unknown characters.",
                "{n} lines are left out: their text cannot stand on them, or has unknown "
                "characters.",
                step.left_out,
            ).format(n=step.left_out)
        )
    return said


def _character(one: NewCharacter) -> str:
    times = ngettext("in {n} line", "in {n} lines", one.count).format(n=one.count)
    code = " ".join(f"U+{ord(letter):04X}" for letter in one.character)
    return f"  {one.character} ({code}) {times}: {'; '.join(one.places[:2])}"


def _summary(outcome: Outcome, model: Path) -> str:
    change = findings(outcome).own
    said = []
    if change is not None:
        said.append(
            _("CER on the held-out lines: {before} before, {after} now.").format(
                before=percent(change.before.estimate), after=percent(change.after.estimate)
            )
        )
    if outcome.best is None:
        said.append(_("Nothing better than the base was found: its weights were written again."))
    said.append(
        _("{model} was written in {minutes} min; the report is {report}.").format(
            model=model,
            minutes=decimal(outcome.seconds / 60),
            report=report_path(model),
        )
    )
    return "\n".join(said)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
