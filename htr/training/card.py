"""A model's card in Markdown: what it reads, what it learned from, how well, and its limits."""

from __future__ import annotations

from collections.abc import Sequence

from htr.document.text import visible
from htr.i18n import _, ngettext, percent, speaking
from htr.training.findings import Comparison, Findings, findings
from htr.training.learning_curve import LearningCurve
from htr.training.outcome import NewCharacter, Outcome
from htr.training.report.ahead import sentence
from htr.training.report.wording import (
    change,
    counted_lines,
    duration,
    learned_from,
    network,
    number,
    rate,
)


def card(outcome: Outcome, language: str) -> str:
    """Return the card of the model that a training made, in a language (`en` or `fr`)."""
    with speaking(language):
        return _card(findings(outcome))


def _card(found: Findings) -> str:
    outcome = found.outcome
    parts = [
        f"# {outcome.name}",
        _purpose(outcome),
        _facts(outcome),
        *_accuracy(found),
        "## " + _("Limits"),
        _bullets(_limits(found)),
    ]
    if outcome.command:
        parts += ["## " + _("Made with"), f"```\n{outcome.command}\n```"]
    return "\n\n".join(parts) + "\n"


def _purpose(outcome: Outcome) -> str:
    if outcome.base is None:
        return _("A recogniser of handwriting, trained from scratch on {collections}.").format(
            collections=_collections(outcome)
        )
    return _("A recogniser of handwriting: {base}, fine-tuned on {collections}.").format(
        base=outcome.base, collections=_collections(outcome)
    )


def _collections(outcome: Outcome) -> str:
    named = ", ".join(name for name in outcome.collections if name)
    return named or _("pages of one's own")


def _facts(outcome: Outcome) -> str:
    alphabet = outcome.alphabet
    layers = f"`{network(outcome.spec)}`"
    if alphabet is not None:
        layers += ", " + ngettext("{n} character", "{n} characters", alphabet).format(n=alphabet)
    facts = [
        (_("network"), layers),
        (_("base"), outcome.base or _("none: from scratch")),
        (_("learned from"), learned_from(outcome.trained, outcome.pages)),
        (_("held out"), _held_out(outcome)),
        (_("training"), _training(outcome)),
        (_("new characters"), _characters(outcome.new_characters)),
        (_("text conventions"), _conventions(outcome)),
        (_("licence"), outcome.licence or _("to be named by whoever passes the model on")),
        (_("to be credited"), ", ".join(outcome.credits)),
        (_("settings"), ", ".join(f"{name} {value}" for name, value in outcome.settings)),
    ]
    rows = [f"| {name} | {_cell(value)} |" for name, value in facts if value]
    return "\n".join(["| | |", "| --- | --- |", *rows])


def _held_out(outcome: Outcome) -> str:
    lines = counted_lines(outcome.held_out)
    units = {
        "page": _("{lines}, whole pages"),
        "document": _("{lines}, whole documents"),
        "hand": _("{lines}, whole hands"),
        "line": _("{lines}, from the pages that were learned from"),
        "given": _("{lines}, as the corpus says itself"),
    }
    return units.get(outcome.held_out_by, "{lines}").format(lines=lines)


def _training(outcome: Outcome) -> str:
    if not outcome.finished:
        return duration(outcome.seconds)
    return _("{duration}, finished on {date}").format(
        duration=duration(outcome.seconds), date=outcome.finished
    )


def _conventions(outcome: Outcome) -> str:
    return {
        "none": _("as transcribed"),
        "nfc": _("as transcribed, in Unicode's form NFC"),
        "loose": _(
            "NFC; straight quotes; dashes and `¬` as `-`; superscripts level, `^` dropped; runs of "
            "dots as `...`; single spaces"
        ),
    }[outcome.normalisation]


def _accuracy(found: Findings) -> list[str]:
    if found.own is None:
        return []
    rows = [(_("held-out lines"), found.own)]
    if found.kept:
        rows.append((_("lines of other hands"), found.kept))
    parts = [
        "## " + _("Accuracy"),
        _(
            "Character and word error rates (CER, WER) on lines cut out of their pages, read by "
            "the best letter at each place, without a language model; intervals (90 %) by drawing "
            "the pages anew."
        ),
    ]
    if found.outcome.base is None:
        return [*parts, _rates_now(found.own)]
    return [*parts, _rates(rows)]


def _rates_now(own: Comparison) -> str:
    head = _row(_("pages"), _("characters"), _("CER"), _("WER"))
    row = _row(len(own.pages), number(own.characters), rate(own.after), rate(own.words_after))
    return "\n".join([head, _rule(4), row])


def _rates(rows: list[tuple[str, Comparison]]) -> str:
    titles = (_("pages"), _("characters"), _("CER before"), _("CER after"), _("change in points"))
    lines = [_row("", *titles, _("WER after")), _rule(7)]
    for name, one in rows:
        counts = len(one.pages), number(one.characters)
        rates = rate(one.before), rate(one.after), change(one.change), rate(one.words_after)
        lines.append(_row(name, *counts, *rates))
    return "\n".join(lines)


def _limits(found: Findings) -> list[str]:
    outcome, said = found.outcome, list[str]()
    if outcome.base is not None and not found.bettered:
        said.append(_("The training did not better the base: this is the base as it was."))
    if outcome.held_out_by == "line":
        said.append(
            _("It was measured on lines of the very pages that it learned from: expect worse.")
        )
    said.append(
        _(
            "The held-out lines also chose which weights were kept: expect a little worse on pages "
            "that had no part in the training, and clearly worse on other hands."
        )
    )
    own = found.own
    if own and own.after.estimate:
        said.append(
            _("With the truth's lines about {share} of the characters are wrong.").format(
                share=percent(own.after.estimate, 0)
            )
        )
    if isinstance(found.curve, LearningCurve):
        said.append(sentence(found.curve))
    if outcome.rare_characters:
        rare = _characters(outcome.rare_characters)
        said.append(_("Too rare to be learned: {characters}").format(characters=rare))
    return said


def _characters(found: Sequence[NewCharacter]) -> str:
    return " ".join(f"`{visible(one.character)}`" for one in found)


def _bullets(items: list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _row(*cells: object) -> str:
    return "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |"


def _rule(columns: int) -> str:
    return "|" + " --- |" * columns


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
