"""Ground truth divided into parts that share no page, document or hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from htr.corpus.text_line import TextLine
from htr.errors import NothingToDo
from htr.i18n import _, ngettext

Unit: TypeAlias = Literal["page", "document", "hand"]

_DRAWS = 64
_FEWEST_DOCUMENTS = 4  # with fewer, a document more or less in a part changes what it says


@dataclass(frozen=True, slots=True)
class Split:
    """Lines to learn from and lines held out; `said` tells the user what was done.

    `by` is the unit that was held out: page, document, hand, line, or `given` where the corpus said
    so itself.
    """

    train: tuple[TextLine, ...]
    val: tuple[TextLine, ...]
    said: str
    by: str


def split(
    groups: Mapping[str, int], shares: Mapping[str, float], seed: int
) -> dict[str, tuple[str, ...]]:
    """Return the groups' names by part, sorted, so that the parts' sizes are as the shares.

    `groups` holds sizes (characters, say) by name, `shares` what each part is to have of them,
    which adds up to 1. No group is divided, and no part is empty. The groups are dealt out in a
    random order, each to the part that lacks most of its share; of some such draws the one whose
    sizes come nearest to the shares is taken. The same arguments give the same parts, whatever
    the order of `groups`. Raises NothingToDo where there are fewer groups than parts.
    """
    parts = {part: share for part, share in shares.items() if share > 0}
    if len(groups) < len(parts):
        raise NothingToDo(
            ngettext(
                "There is only {n} group of pages, which cannot be divided into {parts} parts.",
                "There are only {n} groups of pages, which cannot be divided into {parts} parts.",
                len(groups),
            ).format(n=len(groups), parts=len(parts)),
            hint=_("Split by something smaller (--by page), or give more pages."),
        )
    total = sum(groups.values())
    wanted = {part: share * total for part, share in parts.items()}
    names = sorted(groups)
    chance = random.Random(seed)
    draws = [_dealt(chance.sample(names, len(names)), groups, wanted) for _draw in range(_DRAWS)]
    best = min(draws, key=lambda draw: _distance(draw, groups, wanted))
    return {part: tuple(sorted(best.get(part, ()))) for part in shares}


def _dealt(
    names: Sequence[str], groups: Mapping[str, int], wanted: Mapping[str, float]
) -> dict[str, list[str]]:
    dealt: dict[str, list[str]] = {part: [] for part in wanted}
    sizes = Counter[str]()
    for place, name in enumerate(names):
        empty = [part for part in wanted if not dealt[part]]
        last = len(names) - place == len(empty)  # each that is left is the only one for a part
        part = max(
            empty if last else wanted,
            key=lambda part: 1 - sizes[part] / wanted[part] if wanted[part] else 0.0,
        )
        dealt[part].append(name)
        sizes[part] += groups[name]
    return dealt


def _distance(
    draw: Mapping[str, Sequence[str]], groups: Mapping[str, int], wanted: Mapping[str, float]
) -> float:
    return sum(
        abs(sum(groups[name] for name in names) - wanted[part]) for part, names in draw.items()
    )


def held_out(
    lines: Sequence[TextLine],
    by: Literal["page", "document", "hand", "auto"],
    share: float,
    seed: int,
    hands: Mapping[str, str] | None = None,
) -> Split:
    """Return lines with a share of their characters held out, whole pages, documents or hands.

    `auto` is by document where there are four or more and none has half of the characters, else by
    page; the lines of a single page are divided one by one. Lines whose split was decided
    beforehand, `train` and `val` among them, stay in theirs with `auto`, and those of a `test` part
    are left out whatever `by` is. `hands` names the hand of each page; a page that it does not name
    has its document's. Raises NothingToDo where there are too few groups to hold one out.
    """
    lines = [line for line in lines if line.split != "test"]
    given = [line for line in lines if line.split in ("train", "val")]
    if by != "auto" or len({line.split for line in given}) < 2:
        return _divided(lines, by, share, seed, hands or {})
    train = tuple(line for line in given if line.split == "train")
    val = tuple(line for line in given if line.split == "val")
    said = _("The corpus says itself what is held out: {val} of {all} lines.").format(
        val=len(val), all=len(given)
    )
    others = [line for line in lines if line.split not in ("train", "val")]
    if not others:
        return Split(train, val, said, "given")
    rest = _divided(others, by, share, seed, hands or {})
    return Split(train + rest.train, val + rest.val, f"{said} {rest.said}", "given")


def _divided(
    lines: Sequence[TextLine],
    by: Literal["page", "document", "hand", "auto"],
    share: float,
    seed: int,
    hands: Mapping[str, str],
) -> Split:
    unit = _unit(lines) if by == "auto" else by
    groups = [_group(unit, number, line, hands) for number, line in enumerate(lines)]
    sizes = Counter[str]()
    for group, line in zip(groups, lines, strict=True):
        sizes[group] += len(line.text)
    chosen = set(split(sizes, {"train": 1 - share, "val": share}, seed)["val"])
    train = tuple(one for one, name in zip(lines, groups, strict=True) if name not in chosen)
    val = tuple(one for one, name in zip(lines, groups, strict=True) if name in chosen)
    said = _said(unit, len(chosen), len(sizes), len(val), len(lines))
    return Split(train, val, said, unit)


def _group(unit: str, number: int, line: TextLine, hands: Mapping[str, str]) -> str:
    return {
        "document": line.document,
        "page": line.page,
        "hand": hands.get(line.page, line.document),
        "line": str(number),
    }[unit]


def _unit(lines: Sequence[TextLine]) -> str:
    """Return the largest unit by which lines can be divided and both parts still mean something."""
    documents = Counter[str]()
    for line in lines:
        documents[line.document] += len(line.text)
    largest = max(documents.values(), default=0)
    if len(documents) >= _FEWEST_DOCUMENTS and 2 * largest <= documents.total():
        return "document"
    return "page" if len({line.page for line in lines}) > 1 else "line"


def _said(unit: str, chosen: int, groups: int, val: int, lines: int) -> str:
    if unit == "line":
        return _(
            "There is only one page, of which {val} of {lines} lines are held out at random: "
            "other pages will be read less well than these lines."
        ).format(val=val, lines=lines)
    # Two at least in all, so that English has one form; French goes by how many are held out.
    counted = {
        "page": ngettext("{n} of {all} pages", "{n} of {all} pages", chosen),
        "document": ngettext("{n} of {all} documents", "{n} of {all} documents", chosen),
        "hand": ngettext("{n} of {all} hands", "{n} of {all} hands", chosen),
    }[unit].format(n=chosen, all=groups)
    return _("Held out: {groups} ({val} of {lines} lines); nothing of them is learned.").format(
        groups=counted, val=val, lines=lines
    )
