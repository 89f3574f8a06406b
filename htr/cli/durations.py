"""Durations as people write them: `90s`, `15m`, `2h`, `1h30m`."""

from __future__ import annotations

import re

import click

from htr.i18n import _

_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0}


class Duration(click.ParamType):
    """A length of time, to minutes; a bare number is one of minutes."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return minutes."""
        if isinstance(value, int | float):
            return float(value)
        text = str(value).strip().lower().replace(" ", "")
        parts = re.findall(r"(\d+(?:[.,]\d+)?)(s|min|m|h)", text)
        if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
            minutes = float(text.replace(",", "."))
        elif parts and "".join(number + unit for number, unit in parts) == text:
            minutes = sum(
                float(number.replace(",", ".")) * _MINUTES[unit[0]] for number, unit in parts
            )
        else:
            minutes = 0.0
        if minutes <= 0:
            self.fail(
                _("“{value}” is no length of time: write 90s, 15m, 2h or 1h30m.").format(
                    value=value
                ),
                param,
                ctx,
            )
        return minutes


DURATION = Duration()
