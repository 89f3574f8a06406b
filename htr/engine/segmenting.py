"""kraken's segmentation models as finders of layouts, and layouts as regions of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from kraken.configs import SegmentationInferenceConfig

from htr.document import segmonto
from htr.document.geometry import Baseline, Point, Polygon
from htr.document.order import by_region
from htr.document.page import Line, Region
from htr.engine.layout import FoundLine, FoundZone, Layout, LayoutFinder

if TYPE_CHECKING:
    import torch
    from kraken.containers import Segmentation
    from kraken.tasks import SegmentationTaskModel
    from PIL.Image import Image

Finder: TypeAlias = "Callable[[Image], Layout]"


def finder(
    task: SegmentationTaskModel,
    config: SegmentationInferenceConfig,
    device: torch.device,
    *,
    exact: bool,
) -> Finder:
    """Return what finds a page's layout: our own steps, or kraken's where they are asked for.

    kraken's own steps also serve models that ours do not know: several networks in one file, or
    one without the usual separators.
    """
    networks = task.seg_models
    if not exact and len(networks) == 1 and _is_known(networks[0]):
        right_to_left = config.text_direction.endswith("rl")
        return LayoutFinder(networks[0], device, right_to_left=right_to_left)
    return lambda image: _as_layout(task.predict(image, config))


def _is_known(net: Any) -> bool:
    classes = net.user_metadata.get("class_mapping", {})
    separators = {"_start_separator", "_end_separator"}
    return separators <= set(classes.get("aux", ())) and {"baselines", "regions"} <= set(classes)


def _as_layout(found: Segmentation) -> Layout:
    zones = [(kind, zone) for kind, members in found.regions.items() for zone in members]
    numbers = {zone.id: number for number, (_kind, zone) in enumerate(zones)}
    return Layout(
        tuple(FoundZone(kind, np.array(zone.boundary)) for kind, zone in zones),
        tuple(
            FoundLine(
                ((line.tags or {}).get("type") or [{"type": "default"}])[0]["type"],
                np.array(line.baseline),
                np.array(line.boundary),
                numbers[line.regions[0]] if line.regions else None,
            )
            for line in found.lines
        ),
    )


def regions(layout: Layout, size: tuple[int, int]) -> tuple[Region, ...]:
    """Return a layout as regions in reading order, on a page of `size` (width, height).

    Ids say where a region or a line stands, so that two runs agree.
    """
    groups = by_region([line.zone for line in layout.lines])
    read = {zone for zone, _lines in groups}
    empty = [(zone, ()) for zone in range(len(layout.zones)) if zone not in read]
    return tuple(
        Region(
            f"r{number}",
            *_outlined(None if zone is None else layout.zones[zone], size),
            lines=tuple(
                _line(f"r{number}l{place}", layout.lines[index], size)
                for place, index in enumerate(indices, start=1)
            ),
        )
        for number, (zone, indices) in enumerate((*groups, *empty), start=1)
    )


def _outlined(zone: FoundZone | None, size: tuple[int, int]) -> tuple[str | None, Polygon | None]:
    if zone is None:
        return None, None
    return segmonto.zone(zone.kind), _polygon(zone.outline, size)


def _line(name: str, line: FoundLine, size: tuple[int, int]) -> Line:
    return Line(
        name,
        Baseline(tuple(inside(point, size) for point in line.baseline)),
        _polygon(line.polygon, size),
        kind=segmonto.line_type(line.kind),
    )


def _polygon(points: Iterable[Sequence[float]], size: tuple[int, int]) -> Polygon | None:
    within = tuple(inside(point, size) for point in points)
    return Polygon(within) if len(set(within)) > 2 else None


def inside(point: Sequence[float], size: tuple[int, int]) -> Point:
    """Return a point in whole pixels, moved onto the page where it lies outside."""
    x, y = round(float(point[0])), round(float(point[1]))
    return min(max(x, 0), size[0] - 1), min(max(y, 0), size[1] - 1)
