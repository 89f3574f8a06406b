"""Rows in columns, for terminals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence


def grid(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows in columns two spaces apart, the first column to the left, the others right."""
    lines = [heading, *rows]
    widths = [max(map(_columns, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell + pad if at == 0 else pad + cell
            for at, cell in enumerate(line)
            for pad in [" " * (widths[at] - _columns(cell))]
        ).rstrip()
        for line in lines
    )


def _columns(text: str) -> int:
    """Return how many columns a terminal gives to text: none to marks, two to wide characters."""
    return sum(
        0
        if unicodedata.combining(character)
        else 1 + (unicodedata.east_asian_width(character) in "FW")
        for character in text
    )
