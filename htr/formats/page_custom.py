"""PAGE's `custom` attribute, in the form that Transkribus gave it: groups of names and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

Groups: TypeAlias = Mapping[str, Mapping[str, str]]

_GROUP = re.compile(r"(?<![\w-])([\w-]+)\s*\{([^{}]*)\}")
_SPECIAL = re.compile(r"[{};\\\t\n\r]|^\s|\s$")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def groups(text: str) -> dict[str, dict[str, str]]:
    """Return the groups of `structure {type:heading;} readingOrder {index:3;}`; of two, the first.

    A value's `\\u0020` is the character of that code, as Transkribus writes what has a meaning.
    """
    found: dict[str, dict[str, str]] = {}
    for name, body in _GROUP.findall(text):
        pairs = (part.partition(":") for part in body.split(";"))
        found.setdefault(name, {key.strip(): _plain(value.strip()) for key, _colon, value in pairs})
    return found


def text(found: Groups) -> str | None:
    """Return groups as such a text that reads back as the same; None where there are none."""
    parts = (
        f"{name} {{{' '.join(f'{key}:{_escaped(value)};' for key, value in pairs.items())}}}"
        for name, pairs in found.items()
    )
    return " ".join(parts) or None


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def _escaped(value: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
