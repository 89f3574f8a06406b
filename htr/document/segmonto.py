"""Other programs' words for regions and lines in those of SegmOnto, where SegmOnto has one.

SegmOnto (segmonto.github.io) writes `Type`, `Type:subtype`, `Type#1` or `Type:subtype#1`. What has
no match in it is kept as it is: an archive's own words are worth more than a `CustomZone`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from htr.document.page import Region

_OWN_ZONES = (
    "CustomZone",
    "DamageZone",
    "DigitizationArtefactZone",
    "DropCapitalZone",
    "GraphicZone",
    "MainZone",
    "MarginTextZone",
    "MusicZone",
    "NumberingZone",
    "QuireMarksZone",
    "RunningTitleZone",
    "SealZone",
    "StampZone",
    "TableZone",
    "TitlePageZone",
)
_OWN_LINES = (
    "CustomLine",
    "DefaultLine",
    "DropCapitalLine",
    "HeadingLine",
    "InterlinearLine",
    "MusicLine",
)

_ZONES: Mapping[str, str] = {
    # kraken's segmentation models
    "text": "MainZone",
    # PAGE 2019, TextTypeSimpleType, which Transkribus's structure types follow
    "paragraph": "MainZone",
    "heading": "MainZone:heading",
    "header": "RunningTitleZone",
    "page-number": "NumberingZone:page",
    "drop-capital": "DropCapitalZone",
    "signature-mark": "QuireMarksZone:signature",
    "catch-word": "QuireMarksZone:catchword",
    "marginalia": "MarginTextZone",
    "footnote": "MarginTextZone:footnote",
    "footnote-continued": "MarginTextZone:footnote",
    # PAGE's and ALTO's elements
    "imageregion": "GraphicZone:illustration",
    "linedrawingregion": "GraphicZone:illustration",
    "graphicregion": "GraphicZone",
    "chartregion": "GraphicZone:figure",
    "mapregion": "GraphicZone:figure",
    "tableregion": "TableZone",
    "musicregion": "MusicZone",
    # eScriptorium's first set of region types; ALTO's Illustration
    "main": "MainZone",
    "title": "MainZone:heading",
    "commentary": "MarginTextZone:commentary",
    "illustration": "GraphicZone:illustration",
}
_LINES: Mapping[str, str] = {
    "default": "DefaultLine",
    "main": "DefaultLine",
    "text": "DefaultLine",
    "paragraph": "DefaultLine",
    "heading": "HeadingLine",
    "title": "HeadingLine",
    "drop-capital": "DropCapitalLine",
    "interlinear": "InterlinearLine",
}

_SEPARATORS = re.compile(r"[\s_-]+")


def zone(kind: str | None) -> str | None:
    """Return a region's kind as a SegmOnto zone, or as it is; `zone(zone(k)) == zone(k)`."""
    return _mapped(kind, _OWN_ZONES, _ZONES)


def line_type(kind: str | None) -> str | None:
    """Return a line's kind as a SegmOnto line type, or as it is; idempotent like `zone`."""
    return _mapped(kind, _OWN_LINES, _LINES)


def mapped(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Return regions with their kinds, and their lines', in SegmOnto's words where it has one."""
    return tuple(
        replace(
            region,
            kind=zone(region.kind),
            lines=tuple(replace(line, kind=line_type(line.kind)) for line in region.lines),
        )
        for region in regions
    )


def _mapped(kind: str | None, own: tuple[str, ...], others: Mapping[str, str]) -> str | None:
    if kind is None:
        return None
    folded = _SEPARATORS.sub("-", kind.strip()).lower()
    spelt = next((name for name in own if name.lower() == folded), kind)
    return others.get(folded, spelt)
