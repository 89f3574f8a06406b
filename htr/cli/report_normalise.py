"""What a table of replacements does, as text for people and JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from htr.cli.report_corpus import plain
from htr.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from htr.corpus.normalising import Example, Normalised, RuleCount
    from htr.corpus.replacements import Collision


def normalised_text(found: Normalised, clashes: Sequence[Collision], backup: Path | None) -> str:
    """Return what rules do: by rule with examples, then what to look at, then what was done."""
    parts = ["\n".join(_rule(count)) for count in found.rules]
    if clashes:
        parts.append("\n".join((_("Rules that change what others write:"), *map(_clash, clashes))))
    if found.unstable:
        text = ngettext(
            "{n} line would change again if the table were applied once more, the first: {place}",
            "{n} lines would change again if the table were applied once more, the first: {place}",
            len(found.unstable),
        )
        parts.append(text.format(n=len(found.unstable), place=" ".join(found.unstable[0])))
    if found.words_lost:
        text = ngettext(
            "In {n} line words are joined or divided: it keeps its place, its words lose theirs.",
            "In {n} lines words are joined or divided: they keep their places, their words lose "
            "theirs.",
            found.words_lost,
        )
        parts.append(text.format(n=found.words_lost))
    return "\n\n".join((*parts, _outcome(found, backup)))


def normalised_json(found: Normalised, clashes: Sequence[Collision]) -> str:
    """Return what rules do as JSON, with each line before and after."""
    report = {
        "rules": [
            {
                "row": one.rule.row,
                "from": one.rule.old,
                "to": one.rule.new,
                "remark": one.rule.remark,
                "count": one.count,
                "lines": one.lines,
            }
            for one in found.rules
        ],
        "collisions": [
            {"trouble": one.trouble, "rows": [one.first.row, one.second.row]} for one in clashes
        ],
        "unstable": [{"page": page, "line": line} for page, line in found.unstable],
        "changes": [
            {
                "page": page.page,
                "line": edit.line,
                "before": edit.before,
                "after": edit.after,
                "words_lost": edit.words_lost,
            }
            for page in found.changed
            for edit in page.edits
        ],
        "failed": [error.path for error in found.failed],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _rule(one: RuleCount) -> Iterator[str]:
    count = ngettext("{n} time", "{n} times", one.count).format(n=one.count)
    lines = ngettext("in {n} line", "in {n} lines", one.lines).format(n=one.lines)
    remark = f" ({one.rule.remark})" if one.rule.remark else ""
    yield f"{plain(one.rule.name)}{remark}: {count} {lines}"
    for example in one.examples:
        yield f"  {_example(example)}"


def _example(one: Example) -> str:
    change = f"[{plain(one.old)} → {plain(one.new)}]"
    return f"{one.page} {one.line}: …{plain(one.before)}{change}{plain(one.after)}…"


def _clash(one: Collision) -> str:
    said = {
        "undone": _("{second} brings back what {first} replaces"),
        "changed": _("{second} changes what {first} writes"),
        "again": _("{second} would change what {first} writes, if the table were applied again"),
    }[one.trouble]
    return "  " + plain(said.format(first=f"“{one.first.name}”", second=f"“{one.second.name}”"))


def _outcome(found: Normalised, backup: Path | None) -> str:
    pages = ngettext("{n} page", "{n} pages", len(found.changed)).format(n=len(found.changed))
    lines = ngettext("{n} line", "{n} lines", found.lines).format(n=found.lines)
    if not found.changed:
        return _("Nothing is to be changed.")
    if backup is None:
        text = _("{lines} on {pages} would change. Nothing was changed: --apply does it.")
        return text.format(lines=lines, pages=pages)
    text = _("{lines} on {pages} changed. The files as they were: {folder}")
    return text.format(lines=lines, pages=pages, folder=backup)
