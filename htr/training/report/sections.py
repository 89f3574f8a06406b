"""The report's sections in their order, and its first page: what matters in a few lines."""

from __future__ import annotations

from htr import __version__
from htr.i18n import _, language, percent
from htr.training.findings import Findings
from htr.training.learning_curve import LearningCurve
from htr.training.outcome import Outcome
from htr.training.report import ahead, mistakes, results
from htr.training.report.view import Block, Numbers, Prose, Section, Table, View
from htr.training.report.wording import counted_lines, duration, learned_from, network, number


def view(findings: Findings) -> View:
    """Return the report of a training in the user's language."""
    outcome, own = findings.outcome, findings.own
    from_scratch = outcome.base is None
    sections: list[Section | None] = [_in_short(findings), _done(outcome)]
    sections.append(results.over_time(outcome))
    if own:
        sections.append(results.before_and_after(own, from_scratch=from_scratch))
    if findings.kept:
        sections.append(results.forgetting(findings.kept))
    sections.append(ahead.ahead(findings.curve))
    if own:
        sections.append(mistakes.confusions(own, from_scratch=from_scratch))
    sections.append(mistakes.characters(outcome))
    if own:
        sections.append(mistakes.worst_lines(own))
    return View(
        language=language(),
        title=_("Training of {name}").format(name=outcome.name),
        subtitle=learned_from(outcome.trained, outcome.pages),
        contents=_("Contents"),
        sections=tuple(filter(None, sections)),
        foot=_("Made by htr {version}.").format(version=__version__),
    )


def _in_short(findings: Findings) -> Section:
    own, blocks = findings.own, list[Block]()
    if own:
        blocks += [Numbers(_numbers(findings)), Prose(results.gain(findings))]
    if findings.kept:
        blocks.append(Prose(results.verdict(findings.kept)))
    if isinstance(findings.curve, LearningCurve):
        blocks.append(Prose(ahead.sentence(findings.curve)))
    blocks.append(
        Prose(
            _(
                "CER is the character error rate: of a hundred characters of the truth, how many a "
                "corrector has to change, add or remove. Intervals hold the true value in nine "
                "cases of ten; they are found by drawing the held-out pages anew. The held-out "
                "lines also chose which weights were kept, so expect a little worse on pages that "
                "had no part in it at all."
            ),
            aside=True,
        )
    )
    return Section("in-short", _("In short"), tuple(blocks))


def _numbers(findings: Findings) -> tuple[tuple[str, str], ...]:
    own, outcome = findings.own, findings.outcome
    if own is None:
        return ()
    pairs = [(_("CER now"), percent(own.after.estimate))]
    if outcome.base is not None:
        pairs.insert(0, (_("CER before"), percent(own.before.estimate)))
        if own.taken_away is not None:
            pairs.append((_("errors taken away"), percent(own.taken_away, 0)))
    pairs.append((_("lines learned from"), number(outcome.trained)))
    pairs.append((_("duration"), duration(outcome.seconds)))
    return tuple(pairs)


def _done(outcome: Outcome) -> Section:
    facts = [
        (_("Base"), outcome.base or _("none: from scratch")),
        (_("Network"), network(outcome.spec)),
        (_("Learned from"), learned_from(outcome.trained, outcome.pages)),
        (_("Split"), outcome.split),
        (
            _("Other hands, to see what is forgotten"),
            counted_lines(len(outcome.kept)) if outcome.kept else "",
        ),
        (_("Collections"), ", ".join(outcome.collections)),
        (_("Duration"), duration(outcome.seconds)),
        (_("Finished"), outcome.finished),
        (_("Command"), outcome.command),
        *outcome.settings,
    ]
    rows = tuple((name, value) for name, value in facts if value)
    return Section("done", _("What was done"), (Table("", (), rows, words=2),))
