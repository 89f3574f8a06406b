"""A table of replacements: rules that are read, checked against one another, and applied in order.

A table is CSV (`,` or `;`) or TSV with the columns `from`, `to` and `remark`, in a file in UTF-8
whose first row names them (`de`, `vers`, `remarque` in French). `from` is text as it stands, or
after `re:` a regular expression (Python's), whose groups `to` may name as `\\1`. `\\u00a0` is the
character of that code, which is how spaces and other unseen characters are best written.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Literal, TypeAlias

from htr.errors import InputError
from htr.i18n import _
from htr.imaging.faults import opened

_HEADS = {"from": "to", "de": "vers"}
_CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_REGEX = "re:"


@dataclass(frozen=True, slots=True)
class Rule:
    """One replacement, as the table has it, and the row (the heading is 1) that it stands in."""

    row: int
    old: str
    new: str
    remark: str
    pattern: re.Pattern[str]
    put: str | Callable[[re.Match[str]], str]

    def apply(self, text: str) -> str:
        """Return a text with all that the rule finds replaced."""
        return self.pattern.sub(self.put, text)

    @property
    def name(self) -> str:
        """How reports name the rule: its row, and from what to what."""
        return f"{self.row}: {self.old} → {self.new}"


Trouble: TypeAlias = Literal["undone", "changed", "again"]


@dataclass(frozen=True, slots=True)
class Collision:
    """Two rules, the first of which writes what the second one changes.

    `undone`: the second, which comes later, brings back what the first replaced; `changed`: it
    makes something else of it; `again`: it comes earlier, so that a second run would change more.
    """

    first: Rule
    second: Rule
    trouble: Trouble


def read_table(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a table; raises NotFound and the like, and InputError naming the row."""
    with opened(path) as file:
        data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            _("This table is not text in UTF-8."),
            path=path,
            hint=_("Save it again as CSV UTF-8, or as text in Unicode (UTF-8)."),
        ) from error
    rows = csv.reader(text.splitlines(), delimiter=_delimiter(text, path), strict=False)
    return tuple(
        _rule(number, row, path)
        for number, row in enumerate(rows, start=1)
        if number > 1 and row and row[0]
    )


def collisions(rules: Sequence[Rule]) -> tuple[Collision, ...]:
    """Return the pairs of rules of which one changes what the other writes."""
    found = []
    for first, second in permutations(rules, 2):
        # What an expression with groups writes depends on what it finds: nothing is said of it.
        written = "" if "\\" in first.new else first.new
        changed = second.apply(written)
        if not written or changed == written:
            continue
        if second.row < first.row:
            found.append(Collision(first, second, "again"))
        else:
            undone = changed == first.old
            found.append(Collision(first, second, "undone" if undone else "changed"))
    return tuple(found)


def composed() -> Rule:
    """Return the rule, numbered 0, that brings text into Unicode's composed form (NFC)."""
    return Rule(
        0,
        "NFD",
        "NFC",
        "",
        re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+"),
        lambda match: unicodedata.normalize("NFC", match[0]),
    )


def _delimiter(text: str, path: Path) -> str:
    head = text.split("\n", 1)[0].strip().lower()
    for old, new in _HEADS.items():
        for delimiter in "\t,;":
            if head.replace('"', "").startswith(f"{old}{delimiter}{new}"):
                return delimiter
    raise InputError(
        _("This table has no heading that htr knows."),
        path=path,
        hint=_("Its first row is: from,to,remark (or with semicolons or tabs)."),
    )


def _rule(number: int, row: Sequence[str], path: Path) -> Rule:
    old, new, remark = (*row, "", "")[:3]
    regex = old.startswith(_REGEX)
    body = old.removeprefix(_REGEX) if regex else re.escape(_decoded(old))
    try:
        pattern = re.compile(body)
        put = _decoded(new) if regex else _literal(_decoded(new))
        pattern.sub(put, "")  # a template that names groups which are not there
    except (re.error, IndexError) as error:
        raise _bad(number, path, str(error)) from error
    if pattern.match(""):
        raise _bad(number, path, _("it finds empty text, everywhere"))
    return Rule(number, old, new, remark, pattern, put)


def _literal(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _match: text


def _decoded(text: str) -> str:
    return _CODE.sub(lambda match: chr(int(match[1], 16)), text)


def _bad(number: int, path: Path, reason: str) -> InputError:
    return InputError(
        _("Row {n} of this table is no rule ({reason}).").format(n=number, reason=reason),
        path=path,
        hint=_("Mend the row, or take it out."),
    )


def matches(rule: Rule, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a rule finds something in a text, from and to, and what it puts there."""
    for match in rule.pattern.finditer(text):
        new = rule.put(match) if callable(rule.put) else match.expand(rule.put)
        if new != match[0]:
            yield match.start(), match.end(), new
