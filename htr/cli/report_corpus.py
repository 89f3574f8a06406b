"""What a check of a corpus found, as text for people and JSON for programs."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from htr.document.text import visible
from htr.i18n import _, ngettext, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from htr.corpus.characters import OddCharacter, Reason
    from htr.corpus.findings import Check, DoubtfulPage, Finding, Kind

_TEXT = 60


def kind_title(kind: Kind) -> str:
    """Return the heading of a kind of findings."""
    return {
        "unreadable": _("Pages that cannot be read"),
        "image": _("Images that are missing or cannot be read"),
        "image-size": _("Images of another size than their page says"),
        "place": _("Lines without a place on the image"),
        "cut": _("Lines that cannot be cut out of their image"),
        "fit": _("Lines whose text cannot fit their image"),
        "elsewhere": _("Lines on which another line's text stands"),
        "entity": _("Characters spelt as XML does, such as &amp;"),
        "forms": _("Pages that mix Unicode forms"),
        "no-lines": _("Pages without lines"),
        "baseline": _("Lines without a baseline (one is made up of their box)"),
        "polygon": _("Lines without an outline (one is drawn around their baseline)"),
        "text": _("Lines without text (they are left out)"),
        "density": _("Lines with far more or far less text than usual"),
    }[kind]


def reason_name(reason: Reason) -> str:
    """Return what is odd about a character, in words."""
    return {
        "control": _("control character"),
        "private": _("for private use"),
        "unassigned": _("stands for no character"),
        "invisible": _("cannot be seen"),
        "space": _("an unusual space"),
        "mark": _("a mark on no letter"),
        "confusable": _("of another script than its word"),
        "alphabet": _("unknown to the model"),
        "rare": _("rare"),
    }[reason]


def character_name(character: str) -> str:
    """Return a character as it looks, with its code point."""
    shown, code = visible(character), f"U+{ord(character):04X}"
    return code if shown == code else f"{shown} ({code})"


def check_text(found: Check, shown: int) -> str:
    """Return what was found as text, at most `shown` of each kind."""
    parts = [overview(found)]
    kinds: defaultdict[Kind, list[Finding]] = defaultdict(list)
    for finding in found.findings:
        kinds[finding.kind].append(finding)
    ranked = sorted(kinds.items(), key=lambda item: not item[1][0].serious)
    parts += [
        _listed(kind_title(kind), map(_finding, some), len(some), shown) for kind, some in ranked
    ]
    if found.doubtful:
        title = _("Pages whose truth is likely wrong, by how badly they are read")
        parts.append(_listed(title, map(_doubtful, found.doubtful), len(found.doubtful), shown))
    if found.characters:
        title = _("Odd characters")
        parts.append(_listed(title, map(_odd, found.characters), len(found.characters), shown))
    return "\n\n".join((*parts, verdict(found)))


def overview(found: Check) -> str:
    """Return how much was looked through, and how well the model reads it."""
    text = _("{pages}, {lines} with text.").format(
        pages=ngettext("{n} page", "{n} pages", found.pages).format(n=found.pages),
        lines=ngettext("{n} line", "{n} lines", found.lines).format(n=found.lines),
    )
    if found.model is None:
        return text
    rate = _("CER of the model {model} on them: {cer}.").format(
        model=found.model, cer=percent(found.cer)
    )
    return f"{text} {rate}"


def verdict(found: Check) -> str:
    """Return in one sentence how many mistakes there seem to be."""
    if not found.serious:
        return _("No mistakes were found.")
    return ngettext(
        "{n} finding is most likely a mistake.",
        "{n} findings are most likely mistakes.",
        found.serious,
    ).format(n=found.serious)


def check_json(found: Check) -> str:
    """Return all that was found as JSON; rates in six digits, null where there is none."""
    report = {
        "pages": found.pages,
        "lines": found.lines,
        "model": found.model,
        "cer": _rounded(found.cer),
        "serious": found.serious,
        "findings": [
            {
                "kind": one.kind,
                "serious": one.serious,
                "page": one.page,
                "line": one.line or None,
                "note": one.note or None,
                "text": one.text or None,
            }
            for one in found.findings
        ],
        "doubtful": [
            {
                "page": one.page,
                "cer": _rounded(one.cer),
                "usual": _rounded(one.usual),
                "worst": [
                    {"line": line.line, "truth": line.truth, "reading": line.reading}
                    for line in one.worst
                ],
            }
            for one in found.doubtful
        ],
        "characters": list(map(_odd_json, found.characters)),
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _odd_json(odd: OddCharacter) -> dict[str, Any]:
    return {
        "character": odd.character,
        "code": f"U+{ord(odd.character):04X}",
        "count": odd.count,
        "serious": odd.serious,
        "reasons": list(odd.reasons),
        "places": [
            {"page": place.page, "line": place.line, "around": place.around} for place in odd.places
        ],
    }


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 6)


def _listed(title: str, rows: Iterable[str], count: int, shown: int) -> str:
    lines = [f"{title}: {count}"]
    lines += [f"  {row}" for _number, row in zip(range(shown), rows, strict=False)]
    if (more := count - shown) > 0 and shown:
        lines.append(
            "  " + ngettext("and {count} more", "and {count} more", more).format(count=more)
        )
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    parts = [f"{finding.page} {finding.line}".strip()]
    if finding.note:
        parts.append(finding.note)
    if finding.text:
        parts.append(f"“{_cut(finding.text)}”")
    return " · ".join(parts)


def _doubtful(page: DoubtfulPage) -> str:
    rate = _("CER {cer}, usually {usual}").format(cer=percent(page.cer), usual=percent(page.usual))
    return f"{page.page} · {rate}"


def _odd(odd: OddCharacter) -> str:
    reasons = ", ".join(map(reason_name, odd.reasons))
    count = ngettext("{n} time", "{n} times", odd.count).format(n=odd.count)
    first = odd.places[0]
    place = f"{first.page} {first.line}".strip()
    return " · ".join((character_name(odd.character), reasons, count, place, plain(first.around)))


def plain(text: str) -> str:
    """Return text whose unseen characters are spelt, as a terminal or a page can show it."""
    return "".join(one if one.isprintable() else visible(one) for one in text)


def _cut(text: str) -> str:
    return plain(text if len(text) <= _TEXT else text[: _TEXT - 1] + "…")
