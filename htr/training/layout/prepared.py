"""Pages as kraken's trainer takes them: images at the network's size, kinds as its classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import shapely
from kraken.containers import BaselineLine, Segmentation
from kraken.containers import Region as Zone
from PIL import Image

from htr.document.geometry import Point
from htr.document.page import Region
from htr.document.scaling import scaled
from htr.engine.segmenting import inside
from htr.errors import BadXml
from htr.i18n import _
from htr.imaging.load import load
from htr.imaging.source import Source
from htr.settings import TranscribeSettings
from htr.training.layout.truth import TruePage

_QUALITY = 95
_ROUNDING = 2  # pixels by which a layout and its image may differ
_WIDTH = 8 / 1800  # of a baseline as it is drawn, by the height of the page: as for kraken's own
_THINNEST = 4  # pixels


@dataclass(frozen=True, slots=True)
class Input:
    """What a network takes: pages of that height and width (0 as fits), in colour or in grey."""

    height: int
    width: int
    colour: bool

    @property
    def line_width(self) -> int:
        """How many pixels thick baselines are drawn."""
        return max(_THINNEST, round(_WIDTH * (self.height or self.width)))

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the width and height of a page as the network takes it."""
        if self.height and self.width:
            return self.width, self.height
        if self.height:
            return max(1, int(width * self.height / height)), self.height
        return self.width, max(1, int(height * self.width / width))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page at the network's size: the image's file, its width and height, and its regions."""

    name: str
    image: Path
    size: tuple[int, int]
    regions: tuple[Region, ...]

    def segmentation(self, line_width: int) -> Segmentation:
        """Return the page as kraken's datasets take it, for lines drawn so many pixels thick."""
        zones: dict[str, list[Zone]] = {}
        lines = []
        for region in self.regions:
            if region.polygon is not None and region.kind:
                outline = [inside(point, self.size) for point in region.polygon.points]
                zones.setdefault(region.kind, []).append(Zone(region.id, outline))
            for line in region.lines:
                known = line.baseline.points if line.baseline else ()
                points = drawable([inside(point, self.size) for point in known], line_width)
                if points:
                    tags = {"type": [{"type": line.kind or ""}]}
                    lines.append(BaselineLine(line.id, baseline=list(points), tags=tags))
        return Segmentation(
            type="baselines",
            imagename=str(self.image),
            text_direction="horizontal-lr",
            script_detection=False,
            lines=lines,
            regions=zones,
        )


def prepared(pages: Sequence[TruePage], wanted: Input, folder: Path) -> tuple[Prepared, ...]:
    """Return pages with their images written to a folder, at the network's size.

    Raises the errors of opening images, and BadXml where a layout is of another image.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        places = (folder / f"{number:06d}.jpg" for number in range(len(pages)))
        return tuple(pool.map(lambda page, place: _prepared(page, wanted, place), pages, places))


def _prepared(page: TruePage, wanted: Input, place: Path) -> Prepared:
    settings = TranscribeSettings()
    image = load(Source(page.image), max_pixels=settings.max_pixels, dpi=settings.dpi).image
    _check(page, image)
    size = wanted.size(*image.size)
    small = image.convert("RGB" if wanted.colour else "L").resize(size, Image.Resampling.LANCZOS)
    small.save(place, "JPEG", quality=_QUALITY, subsampling=0)
    factors = (size[0] / image.width, size[1] / image.height)
    return Prepared(page.name, place, size, scaled(page.regions, *factors))


def _check(page: TruePage, image: Image.Image) -> None:
    off = max(abs(ours - theirs) for ours, theirs in zip(page.size, image.size, strict=True))
    if all(page.size) and off > _ROUNDING:
        raise BadXml(
            _("This layout is of an image of {w} x {h} pixels, but {name} has {iw} x {ih}.").format(
                w=page.size[0],
                h=page.size[1],
                name=page.image.name,
                iw=image.width,
                ih=image.height,
            ),
            path=page.path,
            hint=_("Put the image that the layout was made on beside it."),
        )


def drawable(points: Iterable[Point], line_width: int) -> list[Point]:
    """Return a baseline as kraken can draw it, so many pixels thick; empty where it cannot be.

    kraken puts another page in the place of one with a line that it cannot draw: one without
    length, or one whose outline has a hole. Of the latter the ends are kept.
    """
    line = list(_distinct(points))
    for kept in (line, line[:1] + line[-1:]):
        if len(set(kept)) > 1 and _is_one_piece(kept, line_width):
            return kept
    return []


def _distinct(points: Iterable[Point]) -> Iterator[Point]:
    before = None
    for point in points:
        if point != before:
            yield point
        before = point


def _is_one_piece(line: Sequence[Point], line_width: int) -> bool:
    area = shapely.LineString(line).buffer(line_width / 2, cap_style="flat")
    return area.geom_type == "Polygon" and not area.interiors and not area.is_empty
