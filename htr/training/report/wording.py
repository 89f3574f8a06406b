"""Numbers in words: rates with their intervals, differences, times, places."""

from __future__ import annotations

import re

from htr.evaluation.bootstrap import Interval
from htr.i18n import _, decimal, ngettext, percent

_NAMES = re.compile(r"\{[^}]*\}")
_MINUTE = 60  # seconds, and minutes of an hour


def rate(interval: Interval) -> str:
    """Return an error rate with its bounds: `7.5 % (6.9 to 8.3)`, or the rate alone."""
    if interval.low is None or interval.high is None:
        return percent(interval.estimate)
    return _("{rate} ({low} to {high})").format(
        rate=percent(interval.estimate),
        low=decimal(100 * interval.low),
        high=decimal(100 * interval.high),
    )


def change(interval: Interval) -> str:
    """Return a difference of rates in points with its bounds: `−4.2 (−5.0 to −3.1)`."""
    if interval.low is None or interval.high is None:
        return signed(interval.estimate)
    return _("{rate} ({low} to {high})").format(
        rate=signed(interval.estimate), low=signed(interval.low), high=signed(interval.high)
    )


def signed(difference: float) -> str:
    """Return a difference of shares in points, with its sign: `−4.2`, `+0.3`."""
    text = decimal(abs(100 * difference))
    if not float(text.replace(",", ".")):
        return text
    return ("−" if difference < 0 else "+") + text


def duration(seconds: float) -> str:
    """Return a time for people: `45 s`, `12 min`, `1 h 05 min`."""
    if round(seconds) < _MINUTE:
        return f"{round(seconds)} s"
    hours, minutes = divmod(round(seconds / _MINUTE), _MINUTE)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def number(count: int) -> str:
    """Return a count with its thousands apart, by a thin space that does not break."""
    return f"{count:,}".replace(",", "\u202f")


def network(spec: str) -> str:
    """Return a network's VGSL without the names of its layers, which only kraken needs."""
    return _NAMES.sub("", spec)


def learned_from(lines: int, pages: int) -> str:
    """Return how much was learned from: `360 lines of 10 pages`."""
    return _("{lines} of {pages}").format(
        lines=counted_lines(lines),
        pages=ngettext("{n} page", "{n} pages", pages).format(n=number(pages)),
    )


def counted_lines(lines: int) -> str:
    """Return a number of lines in words: `1 line`, `360 lines`."""
    return ngettext("{n} line", "{n} lines", lines).format(n=number(lines))


def shortened(name: str, width: int = 40) -> str:
    """Return a name in `width` characters at most; its end, which tells pages apart, is kept."""
    return name if len(name) <= width else "…" + name[1 - width :]
