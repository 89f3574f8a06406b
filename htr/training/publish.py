"""What is written beside a model that was trained: its report, its cards and its log."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from htr.batch.runner import engine_spec
from htr.errors import NothingToDo
from htr.pipeline.files import write_whole
from htr.settings import TranscribeSettings
from htr.training.calibrate import FEWEST, calibrate
from htr.training.card import card
from htr.training.entries import store
from htr.training.outcome import Outcome
from htr.training.report import write_report

SUFFIX = ".mlmodel"


def model_path(output: Path) -> Path:
    """Return the path of the model that a user names, with the suffix that it needs."""
    return output if output.suffix == SUFFIX else output.with_name(output.name + SUFFIX)


def report_path(model: Path) -> Path:
    """Return where the report of a model lies."""
    return model.with_suffix(".html")


def publish(outcome: Outcome, model: Path, command: str = "") -> Outcome:
    """Write the report, the cards in English and French and the log of a training, beside a model.

    `command` is what the user typed. The model's confidences are calibrated on the held-out lines
    (`.toml`), if there are enough. Returns the outcome with the command and with today's date
    (UTC). Raises OutputError.
    """
    finished = datetime.now(UTC).date().isoformat()
    dated = replace(outcome, command=command, finished=finished)
    write_whole(report_path(model), write_report(dated))
    write_whole(model.with_suffix(".md"), card(dated, "en").encode("utf-8"))
    write_whole(model.with_suffix(".fr.md"), card(dated, "fr").encode("utf-8"))
    write_whole(model.with_suffix(".log.jsonl"), _log(dated))
    _calibrate(dated, model)
    return dated


def _calibrate(outcome: Outcome, model: Path) -> None:
    lines = [one.line for one in outcome.lines]
    if len(lines) < FEWEST:
        return
    spec = engine_spec(TranscribeSettings(model=str(model)))
    try:
        store(spec.recogniser, calibrate(spec, lines, outcome.finished).beside())
    except NothingToDo:
        return  # a model that reads nothing yet has no confidences


def _log(outcome: Outcome) -> bytes:
    """Return the moments of a training, a JSON object a line; null for a loss not yet known."""
    rows = (
        {name: value if isfinite(value) else None for name, value in asdict(moment).items()}
        for moment in outcome.moments
    )
    return "".join(json.dumps(row) + "\n" for row in rows).encode("utf-8")
