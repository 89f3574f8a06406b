"""Reading order: lines in one order over the page become regions in order, with lines in order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def by_region(regions: Sequence[Name | None]) -> tuple[tuple[Name | None, tuple[int, ...]], ...]:
    """Return (region, line indices) groups from each line's region, in the lines' reading order.

    A region stands where its first line is read and holds its lines in their order. Lines in no
    region (None) form a group for each run of them, standing where the run begins. Every index
    from 0 to `len(regions) - 1` occurs once: the groups' indices are a permutation.
    """
    groups: list[tuple[Name | None, list[int]]] = []
    places: dict[Name, int] = {}
    for index, region in enumerate(regions):
        previous_is_loose = index > 0 and regions[index - 1] is None
        if region is None and previous_is_loose:
            groups[-1][1].append(index)
        elif region is None or region not in places:
            if region is not None:
                places[region] = len(groups)
            groups.append((region, [index]))
        else:
            groups[places[region]][1].append(index)
    return tuple((region, tuple(indices)) for region, indices in groups)
