"""What a run's summary looks like: text for people, JSON for programs, and the exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from htr.cli.progress import expected_error
from htr.errors import ExitCode
from htr.i18n import _, ngettext, percent

if TYPE_CHECKING:
    from htr.batch.summary import Summary
    from htr.pipeline.job import PageResult


def exit_code(summary: Summary) -> int:
    """Return the exit status that a summary means."""
    if summary.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.PAGES_FAILED if summary.failed else ExitCode.OK


def text(summary: Summary) -> str:
    """Return the summary as a few lines of text."""
    lines = [""]
    if summary.interrupted:
        lines.append(_("Stopped. Run the same command again to go on."))
    lines.append(_counts(summary))
    if summary.done:
        lines.append(
            ", ".join(
                (
                    ngettext("{n} line", "{n} lines", summary.lines).format(n=summary.lines),
                    ngettext("{n} character", "{n} characters", summary.characters).format(
                        n=summary.characters
                    ),
                    _("mean confidence {c}").format(c=percent(summary.confidence)),
                )
            )
        )
    if summary.expected is not None:
        lines.append(_("All pages: {text}").format(text=expected_error(summary.expected)))
    if summary.failed:
        lines += ["", _("Failures by cause:")]
        lines += [f"  {count:6}  {cause}" for cause, count in summary.causes]
    if len(summary.weakest) > 1:
        lines += ["", _("Pages of lowest confidence:")]
        lines += [f"  {percent(page.confidence):>8}  {page.output}" for page in summary.weakest]
    if summary.kept:
        lines += ["", _("Kept, since a person corrected them or another program made them:")]
        lines += [f"  {page.output}" for page in summary.kept[:10]]
        lines.append("  " + _("(--overwrite-corrections has them redone)"))
    lines += ["", _("Results: {folder}").format(folder=summary.output)]
    lines.append(_("Log: {file}").format(file=summary.log))
    return "\n".join(lines)


def json_text(summary: Summary) -> str:
    """Return the summary as JSON."""
    from htr.batch.log import expected

    value = {
        "pages": summary.pages,
        "done": summary.done,
        "unchanged": summary.unchanged,
        "kept": [str(page.output) for page in summary.kept],
        "failed": [_failure(page) for page in summary.failed],
        "causes": dict(summary.causes),
        "lines": summary.lines,
        "characters": summary.characters,
        "confidence": summary.confidence,
        "expected_cer": expected(summary.expected),
        "weakest": [
            {
                "output": str(page.output),
                "confidence": page.confidence,
                "expected_cer": expected(page.expected),
            }
            for page in summary.weakest
        ],
        "seconds": round(summary.seconds, 1),
        "interrupted": summary.interrupted,
        "output": str(summary.output),
        "log": str(summary.log),
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def _counts(summary: Summary) -> str:
    done = ngettext("{n} page done", "{n} pages done", summary.done).format(n=summary.done)
    parts = [
        _("{done} in {minutes} min {seconds:02d} s").format(
            done=done, minutes=int(summary.seconds // 60), seconds=int(summary.seconds % 60)
        )
    ]
    if summary.unchanged:
        parts.append(
            ngettext("{n} page unchanged", "{n} pages unchanged", summary.unchanged).format(
                n=summary.unchanged
            )
        )
    if summary.kept:
        kept = len(summary.kept)
        parts.append(ngettext("{n} page kept", "{n} pages kept", kept).format(n=kept))
    if summary.failed:
        failed = len(summary.failed)
        parts.append(ngettext("{n} page failed", "{n} pages failed", failed).format(n=failed))
    return ", ".join(parts)


def _failure(page: PageResult) -> dict[str, Any]:
    error = page.error
    return {
        "input": str(page.input),
        "page": page.page,
        "cause": error.cause if error else None,
        "message": error.message if error else None,
        "hint": error.hint if error else None,
    }
