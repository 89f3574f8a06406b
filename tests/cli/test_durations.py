"""Durations as people write them."""

from __future__ import annotations

import click
import pytest

from htr.cli.durations import DURATION


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90s", 1.5), ("15m", 15), ("2h", 120), ("1h30m", 90), ("20", 20), ("1,5h", 90), ("5 min", 5)],
)
def test_a_duration_is_read(text: str, minutes: float) -> None:
    assert DURATION.convert(text, None, None) == pytest.approx(minutes)


@pytest.mark.parametrize("text", ["", "soon", "0m", "-5m", "5x", "h", "5m later"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="15m"):
        DURATION.convert(text, None, None)
