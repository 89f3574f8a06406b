"""The bar on stderr: pages done, pages a minute, time left, mean confidence."""

from __future__ import annotations

import signal
import time
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from htr.i18n import _, decimal, ngettext, percent

if TYPE_CHECKING:
    from htr.batch.summary import Tally
    from htr.document.page_error import Estimate
    from htr.pipeline.job import PageResult


class Progress:
    """Shows a run's progress on a terminal, failures as they come, and stops on SIGTERM too."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._bar: Any = None

    def __enter__(self) -> Self:
        self._start = time.monotonic()
        signal.signal(signal.SIGTERM, _interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def observe(self, result: PageResult, tally: Tally) -> None:
        """Show one more page."""
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(
                total=tally.pages,
                unit=_("page"),
                disable=True if self._quiet else None,
                bar_format="{n_fmt}/{total_fmt} {bar} {desc}",
            )
        line = self._line(result)
        if line is not None:
            tqdm.write(line, file=click.get_text_stream("stderr"))
        self._bar.set_description_str(self._rates(tally), refresh=False)
        self._bar.update()

    def _line(self, result: PageResult) -> str | None:
        if result.error is not None:
            return _("Failed: {text}").format(text=result.error)
        if not self._verbose:
            return None
        words = {
            "done": _("done"),
            "unchanged": _("unchanged"),
            "kept": _("kept, corrected or foreign"),
        }
        parts = [str(result.output), words[result.status]]
        if result.confidence is not None:
            count = ngettext("{n} line", "{n} lines", result.lines).format(n=result.lines)
            parts += [count, percent(result.confidence)]
        if result.expected is not None:
            parts.append(expected_error(result.expected))
        return " · ".join(parts)

    def _rates(self, tally: Tally) -> str:
        """Return pages a minute, time left (by the pages that took work) and mean confidence."""
        worked = tally.done + len(tally.failed)
        if not worked:
            return ""
        elapsed = time.monotonic() - self._start
        left = (tally.pages - tally.seen) * elapsed / worked
        minutes, seconds = divmod(round(left), 60)
        hours, minutes = divmod(minutes, 60)
        parts = [
            _("{rate} pages/min").format(rate=decimal(60 * worked / elapsed)),
            _("{h}:{m:02d}:{s:02d} left").format(h=hours, m=minutes, s=seconds),
        ]
        if tally.confidence is not None:
            parts.append(_("confidence {c}").format(c=percent(tally.confidence)))
        return " · ".join(parts)


def expected_error(estimate: Estimate) -> str:
    """Return the CER to be expected and its 90 % interval, for people."""
    return _("expected CER {cer} (90 %: {low} to {high})").format(
        cer=percent(estimate.cer), low=percent(estimate.low), high=percent(estimate.high)
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
