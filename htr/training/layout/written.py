"""The files beside a trained segmenter: index entry, model cards, figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit

from htr.evaluation.layout import Counts, LayoutScores
from htr.i18n import LANGUAGES, _, decimal, ngettext, percent, speaking
from htr.pipeline.files import write_whole
from htr.training.layout.outcome import LayoutOutcome
from htr.training.layout.truth import reason_text


def write(outcome: LayoutOutcome, model: Path) -> None:
    """Write `NAME.toml`, `NAME.md`, `NAME.fr.md` and `NAME.json` beside a model's file."""
    write_whole(model.with_suffix(".toml"), entry(outcome, model).encode("utf-8"))
    for code in LANGUAGES:
        suffix = ".md" if code == "en" else f".{code}.md"
        with speaking(code):
            write_whole(model.with_suffix(suffix), card(outcome, model).encode("utf-8"))
    text = json.dumps(figures(outcome), ensure_ascii=False, indent=1) + "\n"
    write_whole(model.with_suffix(".json"), text.encode("utf-8"))


def entry(outcome: LayoutOutcome, model: Path) -> str:
    """Return the model's entry for an index such as `models/index.toml`."""
    data = model.read_bytes()
    summary = {}
    for code in LANGUAGES:
        with speaking(code):
            summary[code] = _summary(outcome)
    return tomlkit.dumps(
        {
            "name": outcome.name,
            "file": model.name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "task": "segmentation",
            "summary": summary,
        }
    )


def figures(outcome: LayoutOutcome) -> dict[str, Any]:
    """Return all that the training came to, for programs."""
    whole = asdict(outcome)
    for round_ in whole["rounds"]:
        round_.pop("scores")
    for row, one in zip(whole["rounds"], outcome.rounds, strict=True):
        row |= {"score": one.score, "lines_f1": one.scores.lines.f1}
        row["regions_f1"] = one.scores.regions.f1
    whole["left_out"] = dict(outcome.left_out)
    return whole


def report(outcome: LayoutOutcome) -> str:
    """Return for people what the training came to: lines and regions, before and after."""
    return "\n".join([*_what(outcome), "", *_table(outcome), "", *_pixels(outcome)])


def card(outcome: LayoutOutcome, model: Path) -> str:
    """Return the model card in Markdown, in the language that is spoken."""
    facts = {
        _("file"): f"`{model.name}`",
        _("network"): f"`{outcome.spec}`",
        _("trained"): _("{date}, {minutes} minutes, from {base}").format(
            date=outcome.finished,
            minutes=decimal(outcome.seconds / 60),
            base=_("random weights") if outcome.base is None else f"`{outcome.base}`",
        ),
        _("data"): ", ".join(outcome.collections),
        _("settings"): " ".join(f"`{name} {value}`" for name, value in outcome.settings),
        _("licence"): _("to be added by who publishes the model"),
    }
    rows = ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in facts.items())]
    limits_are = _("Limits.")
    limits = _(
        "The figures are those of the held-out pages, which chose the weights among the rounds: "
        "they lean a little towards the good. On documents unlike these, expect worse."
    )
    return "\n".join(
        [
            _("# {name}: a segmenter (regions and baselines)").format(name=outcome.name),
            "",
            *rows,
            "",
            *_what(outcome),
            "",
            *_table(outcome),
            "",
            *_pixels(outcome),
            "",
            f"**{limits_are}** {limits}",
            "",
        ]
    )


def _summary(outcome: LayoutOutcome) -> str:
    return _(
        "Regions and lines, learned from {pages} pages; lines found on held-out pages: {f1}"
    ).format(pages=outcome.pages, f1=percent(outcome.after.lines.f1))


def _what(outcome: LayoutOutcome) -> Iterator[str]:
    pages = ngettext("{n} page", "{n} pages", outcome.pages).format(n=outcome.pages)
    lines = ngettext("{n} line", "{n} lines", outcome.lines).format(n=outcome.lines)
    yield _("Learned from {pages} with {lines}. {held_out}").format(
        pages=pages, lines=lines, held_out=outcome.division.text()
    )
    if outcome.left_out:
        yield _("Left out: {pages}.").format(
            pages="; ".join(
                f"{name} ({reason_text(reason)})" for name, reason in outcome.left_out.items()
            )
        )
    if outcome.best is None:
        yield _("No round was better than the base; the model is the base itself.")
    else:
        yield _("The weights are those of round {best} of {all}.").format(
            best=outcome.best + 1, all=len(outcome.rounds)
        )


def _table(outcome: LayoutOutcome) -> Iterator[str]:
    """Return the table of lines and regions found, in Markdown."""
    yield _(
        "On held-out pages: found shapes that agree with the truth's (IoU above 0.5; for lines, "
        "of the band around the baseline), as precision / recall."
    )
    yield ""
    yield _row("", _("in truth"), _("before"), _("after"))
    yield "| --- | ---: | ---: | ---: |"
    before, after = outcome.before, outcome.after
    for name, was, now in (
        (_("lines"), _parts(before, "line"), _parts(after, "line")),
        (_("regions"), _parts(before, "region"), _parts(after, "region")),
    ):
        for kind in sorted(was.keys() | now.keys()):
            then = "–" if before is None else _shares(was.get(kind, Counts()))
            counts = now.get(kind, Counts())
            true = max(counts.true, was.get(kind, Counts()).true)
            yield _row(f"– {kind}" if kind else name, str(true), then, _shares(counts))


def _parts(scores: LayoutScores | None, sort: str) -> Mapping[str, Counts]:
    """Return the counts of lines or regions by kind, those of all under the empty name."""
    if scores is None:
        return {}
    if sort == "line":
        return {"": scores.lines, **scores.line_kinds}
    return {"": scores.regions, **scores.region_kinds}


def _shares(counts: Counts) -> str:
    return f"{percent(counts.precision)} / {percent(counts.recall)}"


def _pixels(outcome: LayoutOutcome) -> Iterator[str]:
    """Return kraken's own figures by class, in Markdown."""
    pixels = outcome.pixels
    yield _("kraken's own figures on the same pages: pixels by class, and baselines by kind.")
    yield ""
    yield _row(_("class"), _("pixels right"), "IU")
    yield "| --- | ---: | ---: |"
    for name, accuracy in pixels.accuracy.items():
        yield _row(name, percent(accuracy), percent(pixels.iu[name]))
    yield ""
    yield _row(_("baselines"), _("precision"), _("recall"), "F1")
    yield "| --- | ---: | ---: | ---: |"
    for name, shares in pixels.lines.items():
        yield _row(name, *map(percent, shares))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
