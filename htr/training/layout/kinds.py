"""The kinds of regions and lines: pages' own words in SegmOnto's, and a network's outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TypeAlias

from htr.document import segmonto
from htr.document.page import Line, Region
from htr.errors import UsageProblem
from htr.i18n import _

Classes: TypeAlias = dict[str, dict[str, int]]

SEPARATORS = {"_start_separator": 0, "_end_separator": 1}  # at a line's two ends
_FIRST = len(SEPARATORS)


@dataclass(frozen=True, slots=True)
class Merge:
    """Kinds that fit a pattern (`Col_*`) count as another one; as nothing where that is ""."""

    pattern: str
    kind: str

    @staticmethod
    def parse(text: str) -> Merge:
        """Return the merge that `A:B` says, or `A:` for kinds to leave out; raises UsageProblem.

        The last colon divides, since SegmOnto's subtypes have one too.
        """
        pattern, colon, kind = text.rpartition(":")
        if not colon or not pattern.strip():
            raise UsageProblem(
                _("“{text}” does not say which kind becomes which.").format(text=text),
                hint=_(
                    "Write A:B to count A as B, or A: to leave A out; A may be a pattern, as Col_*."
                ),
            )
        return Merge(pattern.strip(), kind.strip())

    def fits(self, *names: str | None) -> bool:
        """Say whether the pattern fits one of a kind's names."""
        return any(fnmatchcase(name, self.pattern) for name in names if name)


@dataclass(frozen=True, slots=True)
class Wording:
    """How pages' words for regions and lines become those that a network learns.

    Words are SegmOnto's where it has one, without its numbers (`MainZone#2`), then merged; what
    has no kind is a `MainZone` or a `DefaultLine`.
    """

    regions: Sequence[Merge] = ()
    lines: Sequence[Merge] = ()

    def applied(self, regions: Iterable[Region]) -> tuple[Region, ...]:
        """Return regions with their kinds, and their lines', in the words that are learned.

        A region that is left out has no outline any more, and keeps its lines.
        """
        return tuple(map(self._region, regions))

    def _region(self, region: Region) -> Region:
        word = _word(region.kind, segmonto.zone(region.kind) or "MainZone", self.regions)
        lines = tuple(line for one in region.lines if (line := self._line(one)) is not None)
        if region.polygon is None or not word:
            return Region(region.id, lines=lines)
        return replace(region, kind=word, lines=lines)

    def _line(self, line: Line) -> Line | None:
        word = _word(line.kind, segmonto.line_type(line.kind) or "DefaultLine", self.lines)
        return replace(line, kind=word) if word else None


def _word(kind: str | None, word: str, merges: Iterable[Merge]) -> str:
    plain = word.partition("#")[0]
    return next((merge.kind for merge in merges if merge.fits(kind, plain)), plain)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The lines and regions that a network tells apart, by the number of the output for each."""

    lines: Mapping[str, int]
    regions: Mapping[str, int]

    @property
    def outputs(self) -> int:
        """How many outputs the network has, with those of the separators."""
        return _FIRST + len({*self.lines.values(), *self.regions.values()})

    def classes(self) -> Classes:
        """Return them as kraken's trainer and models have them."""
        return {
            "aux": dict(SEPARATORS),
            "baselines": dict(self.lines),
            "regions": dict(self.regions),
        }


def kinds_of(pages: Iterable[Sequence[Region]]) -> Kinds:
    """Return the kinds that pages have, numbered as a new network's."""
    lines: set[str] = set()
    regions: set[str] = set()
    for page in pages:
        regions |= {region.kind for region in page if region.kind and region.polygon}
        lines |= {line.kind for region in page for line in region.lines if line.kind}
    return _numbered(sorted(lines), sorted(regions), {})


def known(classes: Mapping[str, Mapping[str, int]]) -> Kinds | None:
    """Return the kinds of a network of kraken's in SegmOnto's words; None where it is unusual."""
    lines = {segmonto.line_type(name) or name: at for name, at in classes["baselines"].items()}
    regions = {segmonto.zone(name) or name: at for name, at in classes["regions"].items()}
    found = Kinds(lines, regions)
    used = {*classes["aux"].values(), *lines.values(), *regions.values()}
    usual = dict(classes["aux"]) == SEPARATORS and used == set(range(found.outputs))
    return found if usual else None


def fitted(base: Kinds, wanted: Kinds) -> tuple[Kinds, tuple[int, ...]]:
    """Return the wanted kinds as a base network numbers them, and which of its outputs go.

    kraken closes the gaps of outputs that go, and puts new ones at the end.
    """
    kept = {
        *(number for kind, number in base.lines.items() if kind in wanted.lines),
        *(number for kind, number in base.regions.items() if kind in wanted.regions),
    }
    gone = tuple(number for number in range(_FIRST, base.outputs) if number not in kept)
    places = {number: _FIRST + place for place, number in enumerate(sorted(kept))}
    old = {
        (sort, kind): places[number]
        for sort, numbers in (("line", base.lines), ("region", base.regions))
        for kind, number in numbers.items()
        if number in kept
    }
    return _numbered(list(wanted.lines), list(wanted.regions), old), gone


def _numbered(
    lines: Sequence[str], regions: Sequence[str], old: Mapping[tuple[str, str], int]
) -> Kinds:
    """Return kinds with their old numbers, new ones numbered from there on."""
    numbers = dict(old)
    following = max(old.values(), default=_FIRST - 1) + 1
    for key in [*(("line", kind) for kind in lines), *(("region", kind) for kind in regions)]:
        if key not in numbers:
            numbers[key] = following
            following += 1
    return Kinds(
        {kind: numbers["line", kind] for kind in lines},
        {kind: numbers["region", kind] for kind in regions},
    )
