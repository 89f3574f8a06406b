"""A file's own reading order, applied to what was read in the order of the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf

from htr.document.page import Region


def ordered(regions: Iterable[Region], order: Sequence[str]) -> tuple[Region, ...]:
    """Return regions, and the lines in each, in the order of a list of region and line IDs.

    A region that the list does not name stands where the first of its lines does. What is not in
    the list at all comes last, in the order in which it was.
    """
    ranks: dict[str, float] = {}
    for place, name in enumerate(order):
        ranks.setdefault(name, place)
    if not ranks:
        return tuple(regions)
    sorted_lines = [
        replace(region, lines=tuple(sorted(region.lines, key=lambda line: ranks.get(line.id, inf))))
        for region in regions
    ]
    return tuple(
        sorted(
            sorted_lines,
            key=lambda region: min(
                ranks.get(name, inf) for name in (region.id, *(line.id for line in region.lines))
            ),
        )
    )
