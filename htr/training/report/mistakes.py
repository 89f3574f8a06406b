"""What is read wrongly: confusions, the worst lines with their pictures, unknown characters."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from htr.document.text import visible
from htr.i18n import _, ngettext, percent
from htr.training.findings import Comparison, Scored
from htr.training.outcome import NewCharacter, Outcome
from htr.training.report.view import Block, Line, Lines, Prose, Section, Span, Table
from htr.training.report.wording import number

_CONFUSIONS = 20
_WORST = 20
_CHARACTERS = 60


def confusions(own: Comparison, *, from_scratch: bool) -> Section:
    """Return the commonest confusions after the training, beside how common they were before."""
    before = {(one.truth, one.prediction): one.count for one in own.confusions_before}
    rows = tuple(
        (
            visible(one.truth),
            visible(one.prediction),
            *([] if from_scratch else [number(before.get((one.truth, one.prediction), 0))]),
            number(one.count),
        )
        for one in own.confusions_after[:_CONFUSIONS]
    )
    head = (
        _("Truth"),
        _("Read as"),
        *([] if from_scratch else [_("Times before")]),
        _("Times after"),
    )
    note = Prose(_("␣ is a space; ∅ → e a letter that was invented, e → ∅ one that was missed."))
    table = Table(_("The {n} commonest confusions").format(n=len(rows)), head, rows, words=2)
    blocks = (table, note) if rows else (Prose(_("Nothing was confused on the held-out lines.")),)
    return Section("confusions", _("What is confused"), blocks)


def characters(outcome: Outcome) -> Section | None:
    """Return the characters that are new to the model or rare, or None where there are none."""
    blocks: list[Block] = []
    if outcome.new_characters:
        blocks += [
            Prose(
                ngettext(
                    "The base model did not know {n} character of these lines; the new model does.",
                    "The base model did not know {n} characters of these lines; the new model "
                    "does.",
                    len(outcome.new_characters),
                ).format(n=len(outcome.new_characters))
            ),
            _of_characters(_("New characters"), outcome.new_characters),
        ]
    if outcome.rare_characters:
        blocks += [
            Prose(
                _(
                    "These stand in so few lines that they can hardly be learned. Look whether "
                    "they are meant: some may be slips of the keyboard."
                )
            ),
            _of_characters(_("Rare characters"), outcome.rare_characters),
        ]
    return Section("characters", _("New and rare characters"), tuple(blocks)) if blocks else None


def worst_lines(own: Comparison) -> Section | None:
    """Return the lines with most errors after the training, or None where none has any."""
    worst = [one for one in own.lines[:_WORST] if one.after.characters.errors]
    if not worst:
        return None
    return Section(
        "worst-lines",
        _("The worst lines"),
        (
            Prose(
                _(
                    "The held-out lines with most errors. Letters that differ are bold and "
                    "underlined: in the truth those that were missed or misread, in the reading "
                    "those that stand there instead. Where the picture agrees with the reading, "
                    "the truth wants correcting."
                )
            ),
            Lines(_("Truth"), _("Reading"), _("(nothing)"), tuple(_shown(one) for one in worst)),
        ),
    )


def spans(text: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return two texts in pieces which are alike or differ, by their least edits."""
    first, second = [], []
    for step in Levenshtein.opcodes(text, other):
        differs = step.tag != "equal"
        if step.src_end > step.src_start:
            first.append(Span(text[step.src_start : step.src_end], differs))
        if step.dest_end > step.dest_start:
            second.append(Span(other[step.dest_start : step.dest_end], differs))
    return tuple(first), tuple(second)


def _shown(one: Scored) -> Line:
    line, errors = one.line.line, one.after.characters.errors
    truth, reading = spans(line.text, one.line.after)
    place = _("{page}, line {line}").format(page=line.page, line=line.id) if line.id else line.page
    return Line(
        line.image,
        _("Picture of the line on page {page}").format(page=line.page),
        place,
        ngettext("{n} error (CER {cer})", "{n} errors (CER {cer})", errors).format(
            n=errors, cer=percent(one.after.cer, 0)
        ),
        truth,
        reading,
    )


def _of_characters(caption: str, found: Sequence[NewCharacter]) -> Table:
    ranked = sorted(found, key=lambda one: (-one.count, one.character))
    return Table(
        caption,
        (_("Character"), _("Code point"), _("Places"), _("Lines")),
        tuple(
            (
                visible(one.character),
                " ".join(f"U+{ord(part):04X}" for part in one.character),
                "; ".join(one.places),
                number(one.count),
            )
            for one in ranked[:_CHARACTERS]
        ),
        words=3,
    )
