"""A page's regions, baselines, polygons and reading order from kraken's segmentation network.

The network is kraken's; the steps after it (Kiessling, ICFHR 2020) are done on whole arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely
from PIL.Image import Resampling

from htr.engine.layout.heatmaps import HeatmapNetwork, Heatmaps
from htr.engine.layout.polygons import polygons
from htr.engine.layout.seams import features
from htr.engine.layout.sequence import reading_order
from htr.engine.layout.tracing import baselines
from htr.engine.layout.zones import Ring, owners, zones

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

__all__ = ["FoundLine", "FoundZone", "Layout", "LayoutFinder", "outlined"]

Corners: TypeAlias = Sequence[tuple[int, int]]

_HEIGHT = 1800  # pixels of a page as kraken's own network takes it


@dataclass(frozen=True, slots=True, eq=False)
class FoundZone:
    """A region: its kind in the model's words and its outline (K, 2) in the page's pixels."""

    kind: str
    outline: Ring


@dataclass(frozen=True, slots=True, eq=False)
class FoundLine:
    """A line: its kind in the model's words, and the number of the zone that it is in.

    Baseline and polygon are (K, 2) in the page's pixels.
    """

    kind: str
    baseline: Ring
    polygon: Ring
    zone: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A page's zones, and its lines in reading order."""

    zones: tuple[FoundZone, ...]
    lines: tuple[FoundLine, ...]


class LayoutFinder:
    """Finds the layout of pages with one segmentation network of kraken's."""

    def __init__(self, net: Any, device: torch.device, *, right_to_left: bool = False) -> None:
        self._network = HeatmapNetwork(net, device)
        classes = net.user_metadata["class_mapping"]
        self._lines, self._zones = classes["baselines"], classes["regions"]
        self._start = classes["aux"]["_start_separator"]
        self._end = classes["aux"]["_end_separator"]
        self._topline = bool(net.user_metadata.get("topline"))
        self._right_to_left = right_to_left

    def __call__(self, image: Image) -> Layout:
        """Return the layout of an upright page."""
        seen = self._network(image)
        found = self._found_zones(seen)
        return Layout(found, self._found_lines(seen, found))

    def _found_zones(self, seen: Heatmaps) -> tuple[FoundZone, ...]:
        return tuple(
            FoundZone(kind, _scaled(outline, seen.scale))
            for kind, number in self._zones.items()
            for outline in zones(seen.maps[number], seen.grey.shape)
        )

    def _found_lines(self, seen: Heatmaps, found: tuple[FoundZone, ...]) -> tuple[FoundLine, ...]:
        starts, ends = seen.maps[self._start], seen.maps[self._end]
        traced = [
            (kind, line)
            for kind, number in self._lines.items()
            for line in baselines(seen.maps[number], starts, ends, seen.grey.shape)
        ]
        shrink = (1 / seen.scale[0], 1 / seen.scale[1])
        rings = polygons(
            features(seen.grey),
            [line for _kind, line in traced],
            [_scaled(zone.outline, shrink) for zone in found],
            topline=self._topline,
        )
        kept = [
            (kind, _scaled(line, seen.scale), _scaled(ring, seen.scale))
            for (kind, line), ring in zip(traced, rings, strict=True)
            if ring is not None
        ]
        homes = owners([line for _kind, line, _ring in kept], [zone.outline for zone in found])
        order = reading_order(
            _boxes([line for _kind, line, _ring in kept]),
            _boxes([zone.outline for zone in found]),
            homes,
            right_to_left=self._right_to_left,
        )
        return tuple(FoundLine(*kept[index], homes[index]) for index in order)


def outlined(image: Image, lines: Sequence[Corners]) -> list[Ring | None]:
    """Return polygons around given baselines, (K, 2) in the image's pixels; None for none.

    They are drawn as around baselines that were found: at the scale of kraken's network.
    """
    scale = max(1.0, image.height / _HEIGHT)
    size = (max(1, round(image.width / scale)), max(1, round(image.height / scale)))
    small = image.convert("L").resize(size, Resampling.LANCZOS)
    shrunk = [_scaled(np.array(line), (1 / scale, 1 / scale)) for line in lines]
    long = [line for line in shrunk if (line[0] != line[-1]).any()]
    drawn = iter(polygons(features(np.array(small)), long))
    rings = [next(drawn) if (line[0] != line[-1]).any() else None for line in shrunk]
    return [None if ring is None else _scaled(ring, (scale, scale)) for ring in rings]


def _scaled(points: Ring, scale: tuple[float, float]) -> Ring:
    return np.asarray((points * np.array(scale)).astype(np.int64))


def _boxes(lines: list[Ring]) -> np.ndarray[Any, np.dtype[np.float64]]:
    bounds = shapely.bounds([shapely.LineString(line) for line in lines])
    return np.asarray(bounds, float).reshape(-1, 4)
