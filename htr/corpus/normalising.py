"""Pages' texts brought into one form by a table of replacements: looked at first, then applied."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from htr.corpus.patching import open_page, patched
from htr.corpus.replacements import Rule, matches
from htr.corpus.rewriting import Edit, rewrite, texts
from htr.errors import InputError, OutputError
from htr.exchange.register import PageFile
from htr.i18n import _
from htr.pipeline.files import write_whole

_EXAMPLES = 3
_AROUND = 20


@dataclass(frozen=True, slots=True)
class Example:
    """What a rule replaces in a line, with the text before and after it."""

    page: str
    line: str
    before: str
    old: str
    new: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule replaces something, in how many lines, and the first three examples."""

    rule: Rule
    count: int
    lines: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """A page that changes, and how."""

    page: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Normalised:
    """What a table does to a corpus.

    `unstable` are the lines, as (page, line), that a second run would change again; `failed` the
    pages that cannot be read.
    """

    rules: tuple[RuleCount, ...]
    changed: tuple[ChangedPage, ...]
    unstable: tuple[tuple[str, str], ...]
    failed: tuple[InputError, ...]

    @property
    def lines(self) -> int:
        """How many lines change."""
        return sum(len(page.edits) for page in self.changed)

    @property
    def words_lost(self) -> int:
        """How many lines lose the places of their words."""
        return sum(edit.words_lost for page in self.changed for edit in page.edits)


class _Counts:
    """What each rule replaces, counted over lines as they come."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._times = Counter[Rule]()
        self._lines = Counter[Rule]()
        self._examples: defaultdict[Rule, list[Example]] = defaultdict(list)

    def add(self, page: str, line: str, text: str) -> None:
        for rule in self._rules:
            found = list(matches(rule, text))
            if not found:
                continue
            self._times[rule] += len(found)
            self._lines[rule] += 1
            for start, end, new in found[: _EXAMPLES - len(self._examples[rule])]:
                before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
                self._examples[rule].append(
                    Example(page, line, before, text[start:end], new, after)
                )
            text = rule.apply(text)

    def result(self) -> tuple[RuleCount, ...]:
        return tuple(
            RuleCount(rule, self._times[rule], self._lines[rule], tuple(self._examples[rule]))
            for rule in self._rules
        )


Observer: TypeAlias = Callable[[], None]


def normalise_pages(
    files: Sequence[PageFile],
    rules: Sequence[Rule],
    backup: Path | None = None,
    observe: Observer | None = None,
) -> Normalised:
    """Return what rules, one after the other, do to the texts of pages; do it if there is `backup`.

    Then each file that changes is first copied to `backup/NAME.xml`; in the file, nothing but text
    is another (see `htr.corpus.patching`), and `backup/changes.csv` tells each line before and
    after. `observe` is called after each page. Raises OutputError where a file cannot be written,
    or the backup is a folder with files in it or lies among the pages.
    """
    if backup is not None:
        _check_backup(backup, files)
    changed: list[ChangedPage] = []
    failed: list[InputError] = []
    counts = _Counts(rules)
    for file in files:
        try:
            edits = _page(file, rules, backup, counts)
        except InputError as error:
            failed.append(error)
        else:
            if edits:
                changed.append(ChangedPage(file.name, edits))
        if observe is not None:
            observe()
    if backup is not None and changed:
        write_whole(backup / "changes.csv", _as_csv(changed))
    return Normalised(
        counts.result(), tuple(changed), tuple(_unstable(rules, changed)), tuple(failed)
    )


def _page(
    file: PageFile, rules: Sequence[Rule], backup: Path | None, counts: _Counts
) -> tuple[Edit, ...]:
    page = open_page(file.path)
    for line, text in texts(page.root):
        counts.add(file.name, line, text)
    edits = rewrite(page.root, lambda text: _applied(rules, text))
    if edits and backup is not None:
        write_whole(backup / f"{file.name}.xml", page.data)
        write_whole(file.path, patched(page.data, page.root))
    return edits


def _applied(rules: Sequence[Rule], text: str) -> str:
    for rule in rules:
        text = rule.apply(text)
    return text


def _check_backup(backup: Path, files: Sequence[PageFile]) -> None:
    place = backup.resolve()
    if backup.exists() and (not backup.is_dir() or any(backup.iterdir())):
        raise OutputError(
            _("This is not an empty folder, so the files as they were cannot go there."),
            path=backup,
            hint=_("Name a new folder with --backup."),
        )
    if any(place in file.path.resolve().parents for file in files):
        raise OutputError(
            _("This folder holds the pages themselves."),
            path=backup,
            hint=_("Name a new folder with --backup."),
        )


def _unstable(rules: Sequence[Rule], changed: Sequence[ChangedPage]) -> list[tuple[str, str]]:
    return [
        (page.page, edit.line)
        for page in changed
        for edit in page.edits
        if _applied(rules, edit.after) != edit.after
    ]


def _as_csv(changed: Sequence[ChangedPage]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(("page", "line", "before", "after", "words lost"))
    for page in changed:
        for edit in page.edits:
            writer.writerow(
                (page.page, edit.line, edit.before, edit.after, "yes" if edit.words_lost else "")
            )
    return buffer.getvalue().encode("utf-8")
