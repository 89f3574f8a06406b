"""What `htr calibrate` shows: a bar while lines are read, and what the calibration does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from htr.cli.grid import grid
from htr.i18n import _, decimal, ngettext, percent

if TYPE_CHECKING:
    from types import TracebackType

    from htr.evaluation.reliability import Trust
    from htr.training.calibrate import Fit, Fits

_LOOKED_AT = 0.2


class Bar:
    """Shows on a terminal how many lines have been read."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None

    def __enter__(self) -> Self:
        from tqdm import tqdm

        self._bar = tqdm(unit=_("line"), disable=True if self._quiet else None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def observe(self, lines: int) -> None:
        """Count lines that were read."""
        self._bar.update(lines)


def table(fits: Fits) -> str:
    """Return what calibrations do to confidences, on groups that they were not fitted on."""
    parts = [_fit(fits.plain, _("without a language model"))]
    if fits.with_language is not None:
        parts.append(_fit(fits.with_language, _("with the language model")))
    return "\n\n".join(parts)


def _fit(fit: Fit, how: str) -> str:
    calibration = fit.calibration
    heading = (
        how,
        _("words, ECE"),
        _("AUC"),
        _("glyphs, ECE"),
        _("errors in the least confident fifth"),
        _("at most"),
    )
    rows = [(_("before"), *_cells(fit.before)), (_("after"), *_cells(fit.after))]
    said = [
        _(
            "{lines} of {pages}; temperature {value}; figures are of {groups} left out in turn"
        ).format(
            lines=ngettext("{n} line", "{n} lines", fit.lines).format(n=fit.lines),
            pages=ngettext("{n} page", "{n} pages", fit.pages).format(n=fit.pages),
            value=decimal(calibration.temperature, 2),
            groups=ngettext("{n} group", "{n} groups", fit.groups).format(n=fit.groups),
        ),
        grid(heading, rows),
    ]
    if calibration.pages is None:
        said.append(_("These are too few pages to say how many errors to expect on a page."))
    return "\n".join(said)


def _cells(trust: Trust) -> tuple[str, ...]:
    found = next((one for one in trust.found if one.share == _LOOKED_AT), None)
    glyphs = trust.glyphs
    return (
        decimal(trust.words.error, 3),
        "–" if trust.words.ranking is None else decimal(trust.words.ranking, 3),
        "–" if glyphs is None else decimal(glyphs.error, 3),
        percent(found.errors if found else None),
        percent(found.bound if found else None),
    )
