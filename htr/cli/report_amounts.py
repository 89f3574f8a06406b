"""How much a corpus or its parts hold, as tables for people and JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from htr.cli.grid import grid
from htr.document.text import visible
from htr.i18n import _, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from htr.corpus.splitting import Part
    from htr.corpus.statistics import Amounts, Statistics

_ACROSS = 8  # characters of the alphabet in a row


def statistics_text(found: Statistics) -> str:
    """Return a corpus's amounts as a table, and its alphabet."""
    heading = (
        "",
        _("pages"),
        _("lines"),
        _("without text"),
        _("words"),
        _("characters"),
        _("a line"),
        _("width"),
        _("height"),
    )
    rows = [_row(name or ".", amounts) for name, amounts in found.groups.items()]
    total = _row(_("all together"), found.total)
    notes = _("A line: its median characters; width and height: its median pixels.")
    alphabet = _("{n} different characters:").format(n=len(found.alphabet))
    return "\n".join(
        (
            grid(heading, [*(rows if len(rows) > 1 else []), total]),
            "",
            notes,
            "",
            alphabet,
            *_alphabet(found.alphabet),
        )
    )


def statistics_json(found: Statistics) -> str:
    """Return a corpus's amounts and its alphabet as JSON."""
    report = {
        "total": asdict(found.total),
        "groups": {name or ".": asdict(amounts) for name, amounts in found.groups.items()},
        "alphabet": dict(found.alphabet),
        "failed": [error.path for error in found.failed],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def parts_text(parts: Sequence[Part]) -> str:
    """Return the parts of a split as a table."""
    heading = (
        _("part"),
        _("groups"),
        _("pages"),
        _("lines"),
        _("characters"),
        _("share"),
        _("wanted"),
    )
    total = sum(part.characters for part in parts) or 1
    return grid(
        heading,
        [
            (
                part.name,
                str(len(part.groups)),
                str(len(part.pages)),
                str(part.lines),
                str(part.characters),
                percent(part.characters / total),
                percent(part.share),
            )
            for part in parts
        ],
    )


def _row(name: str, amounts: Amounts) -> tuple[str, ...]:
    counts = (amounts.pages, amounts.lines, amounts.empty, amounts.words, amounts.characters)
    medians = (amounts.length, amounts.width, amounts.height)
    return (
        name,
        *map(str, counts),
        *("–" if value is None else str(round(value)) for value in medians),
    )


def _alphabet(alphabet: Sequence[tuple[str, int]]) -> list[str]:
    cells = [f"{visible(character)} {count}" for character, count in alphabet]
    width = max(map(len, cells), default=0)
    return [
        "  ".join(cell.ljust(width) for cell in cells[start : start + _ACROSS]).rstrip()
        for start in range(0, len(cells), _ACROSS)
    ]
