"""The report of a training: one HTML file that holds all that it shows."""

from __future__ import annotations

from htr.training.findings import findings
from htr.training.outcome import Outcome
from htr.training.report.render import render
from htr.training.report.sections import view

__all__ = ["write_report"]


def write_report(outcome: Outcome) -> bytes:
    """Return the report of a training as HTML in UTF-8, in the user's language.

    Pictures are in the file itself, so it can be kept, sent and printed as it is.
    """
    return render(view(findings(outcome))).encode("utf-8")
