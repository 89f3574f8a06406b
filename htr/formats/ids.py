"""IDs that are valid as `xsd:ID` and unique in their file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain, count

from htr.document.page import Page

# A subset of NCName (Namespaces in XML 1.0, section 3) on which the editions of XML 1.0 agree.
_VALID = re.compile("[A-Za-z_À-ÖØ-öø-ÿ][-.0-9A-Za-z_·À-ÖØ-öø-ÿ]*")
_INVALID = re.compile("[^-.0-9A-Za-z_·À-ÖØ-öø-ÿ]")


def unique_ids(wanted: Iterable[tuple[str, str]], taken: Collection[str] = ()) -> list[str]:
    """Return an ID for each (wanted ID, prefix), none of them equal to another or in `taken`.

    The first of each valid ID stays as it is. Others are mended or numbered (`a`, `a-2`, `a-3`),
    and where none is wanted (`""`), one is made from the prefix (`line-1`, `line-2`).
    """
    pairs = list(wanted)
    reserved = {name for name, _prefix in pairs if _VALID.fullmatch(name)}
    given = set(taken)
    sources: dict[str, Iterator[str]] = {}
    result = []
    for name, prefix in pairs:
        if name in given or not _VALID.fullmatch(name):
            source = sources.setdefault(name or f" {prefix}", _candidates(name, prefix))
            name = next(new for new in source if new not in reserved and new not in given)
        given.add(name)
        result.append(name)
    return result


def _candidates(name: str, prefix: str) -> Iterator[str]:
    if not name:
        return (f"{prefix}{number}" for number in count(1))
    stem = _INVALID.sub("_", name)
    stem = stem if _VALID.fullmatch(stem) else f"_{stem}"
    return chain([stem], (f"{stem}-{number}" for number in count(2)))


def with_ids(page: Page) -> Page:
    """Return the page with valid, unique IDs; a page that has them comes back as it is."""
    parts = [(page.id, "page-"), *((region.id, "region-") for region in page.regions)]
    names = iter(unique_ids([*parts, *((line.id, "line-") for line in page.lines)]))
    page_id = next(names)
    region_ids = [next(names) for _region in page.regions]
    regions = tuple(
        replace(
            region,
            id=region_id,
            lines=tuple(replace(line, id=next(names)) for line in region.lines),
        )
        for region, region_id in zip(page.regions, region_ids, strict=True)
    )
    return replace(page, id=page_id, regions=regions)
