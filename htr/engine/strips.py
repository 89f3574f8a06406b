"""Lines cut out of a page and straightened along their baselines, as networks are fed them.

A pixel must be what kraken makes of it in training and in its own inference: where a network is in
doubt between two letters, a difference of one level in 255 is enough to tip it (cutting from a page
made grey beforehand, for one, changes the text of one line in twenty). So the geometry is kraken's,
down to where it rounds, and Pillow draws and bends as it does there (kraken/lib/segmentation.py).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw
from shapely import LineString
from skimage.measure import subdivide_polygon

from htr.document.geometry import Point
from htr.document.page import Line

if TYPE_CHECKING:
    PilImage: TypeAlias = Image.Image

Array: TypeAlias = npt.NDArray[np.float64]
Pixels: TypeAlias = npt.NDArray[np.uint8]
_Column: TypeAlias = tuple[int, tuple[float, float], tuple[float, float]]
Corners: TypeAlias = list[tuple[int, int]]
Outliner: TypeAlias = Callable[["PilImage", Sequence[Corners]], Sequence[Any]]

PADDING = 16  # blank pixels on both ends of a strip, as kraken trains with
_BASELINE_HEIGHT = 0.2  # where a box has no baseline: how far above its foot letters stand
_SHORTEST = 5  # pixels of baseline
_MANY_CORNERS = 50
_SAMPLED = 64  # every how many rows a page's colour is looked for first
_TOLERANCE = 2  # pixels by which an outline of many corners may be simplified


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a line is: baseline and polygon, (N, 2) and (M, 2), x and y in whole pixels."""

    baseline: Array
    polygon: Array


def shapes(image: PilImage, lines: Sequence[Line], outline: Outliner) -> list[Shape | None]:
    """Return the lines' shapes within the image, made up where a line lacks a part of its own.

    `outline` is called with the image and the baselines of all lines if one has no polygon, and
    returns for each of them its points or None. None comes back for a line of which nothing is
    known, or no outline.
    """
    baselines = {
        number: points
        for number, line in enumerate(lines)
        if len(points := _baseline(line, image.size)) > 1
    }
    drawn: Sequence[Any] = ()
    if any(lines[number].polygon is None for number in baselines):
        drawn = outline(image, list(baselines.values()))
    found: list[Shape | None] = [None] * len(lines)
    for place, (number, baseline) in enumerate(baselines.items()):
        polygon = lines[number].polygon
        outer = drawn[place] if polygon is None else polygon.points
        if outer is not None:
            whole = [_whole(point, image.size) for point in outer]
            found[number] = Shape(np.array(baseline, np.float64), np.array(whole, np.float64))
    return found


def _baseline(line: Line, size: tuple[int, int]) -> Corners:
    """Return a line's baseline in whole pixels, made up from its box where it has none."""
    box = line.box
    if box is None:
        return []
    foot = box.bottom - _BASELINE_HEIGHT * box.height
    points = line.baseline.points if line.baseline else ((box.left, foot), (box.right, foot))
    if line.direction == "rtl" and points[0][0] > points[-1][0]:
        points = points[::-1]
    baseline = [_whole(point, size) for point in points]
    return [p for i, p in enumerate(baseline) if i == 0 or p != baseline[i - 1]]


def _whole(point: Point, size: tuple[int, int]) -> tuple[int, int]:
    """Return a point in whole pixels, moved onto the image where it lies outside."""
    x, y = round(point[0]), round(point[1])
    return int(min(max(x, 0), size[0] - 1)), int(min(max(y, 0), size[1] - 1))


def scaled(strip: PilImage, height: int, mode: str) -> Pixels | None:
    """Return a strip `height` pixels high with white ends, (C, H, W); None for one without width.

    `mode` is `L` for one channel or `RGB` for three.
    """
    width = int(strip.width * height / strip.height)
    if width == 0:
        return None
    small = np.asarray(strip.convert(mode).resize((width, height), Image.Resampling.LANCZOS))
    pixels = np.full((1 if mode == "L" else 3, height, width + 2 * PADDING), 255, np.uint8)
    pixels[:, :, PADDING:-PADDING] = small if small.ndim == 2 else small.transpose(2, 0, 1)
    return pixels


def without_colour(image: PilImage) -> PilImage:
    """Return an RGB image that is grey all over with one channel; others as they are.

    Its lines come out the same in a third of the work.
    """
    if image.mode != "RGB":
        return image
    rows = (image.width, max(1, image.height // _SAMPLED))
    for part in (image.resize(rows, Image.Resampling.NEAREST), image):
        red, *others = part.split()
        if any(ImageChops.difference(red, other).getbbox() for other in others):
            return image
    return red


def cut(image: PilImage, line: Shape) -> PilImage | None:
    """Return what stands within a line's polygon, black around it, its baseline made straight.

    A baseline of two points is turned, a longer one unbent piece by piece. None comes back where
    the baseline is shorter than 5 pixels.
    """
    steps = np.diff(line.baseline, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    if lengths.sum() < _SHORTEST:
        return None
    resample = Image.Resampling.BILINEAR
    if image.mode == "1":
        image, resample = image.convert("L"), Image.Resampling.NEAREST
    bent = len(line.baseline) > 2
    corner = line.polygon.min(axis=0)
    left, top, right, bottom = (int(v) for v in (*corner, *line.polygon.max(axis=0)))
    outline = _rounded(line.polygon) if bent else line.polygon
    patch = _masked(image.crop((left, top, right + 1, bottom + 1)), outline - corner)
    if bent:
        strip = _unbent(patch, corner, line.baseline, outline, resample)
    else:
        strip = _turned(patch, steps[0] / lengths[0], resample)
    return strip.crop(strip.getbbox())


def _rounded(polygon: Array) -> Array:
    """Return a polygon with its corners cut (Chaikin 1974), simplified first if it has many."""
    if len(polygon) > _MANY_CORNERS:
        simple = LineString(polygon).simplify(_TOLERANCE, preserve_topology=False)
        polygon = np.asarray(simple.coords)
    return np.asarray(subdivide_polygon(polygon, preserve_ends=True))


def _masked(patch: PilImage, outline: Array) -> PilImage:
    """Return a patch made black outside an outline, whose edge is 2 pixels wide."""
    mask = Image.new("L", patch.size, 0)
    ImageDraw.Draw(mask).polygon(outline.astype(int).ravel().tolist(), fill=255, width=2)
    black = Image.new(patch.mode, patch.size, 0)
    black.paste(patch, mask=mask)
    return black


def _turned(patch: PilImage, direction: Array, resample: Image.Resampling) -> PilImage:
    """Return a patch turned so that `direction`, a unit vector, points to the right."""
    cos, sin = math.cos(angle := math.atan2(direction[1], direction[0])), math.sin(angle)
    right, foot = patch.width - 1, patch.height - 1
    corners = [(x * cos + y * sin, y * cos - x * sin) for x in (0, right) for y in (0, foot)]
    xs, ys = zip(*corners, strict=True)
    left, top = min(xs), min(ys)
    size = (round(max(xs) - left + 1), round(max(ys) - top + 1))
    place = (cos, -sin, left * cos - top * sin, sin, cos, left * sin + top * cos)
    return patch.transform(size, Image.Transform.AFFINE, place, resample)


def _unbent(
    patch: PilImage,
    corner: Array,
    baseline: Array,
    outline: Array,
    resample: Image.Resampling,
) -> PilImage:
    """Return a patch, which is at `corner` on the page, bent so that its baseline is straight."""
    steps = np.diff(baseline, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    along = steps / lengths[:, None]
    ends = np.concatenate(([0.0], np.cumsum(lengths)))
    places = baseline[0] + _along_and_across(baseline, along, lengths, ends, outline)
    low, high = places.min(axis=0).astype(int), places.max(axis=0).astype(int)
    width, height = (int(v) for v in high - low + 1)
    origin = baseline[0] - low
    columns = list(_columns(baseline - corner, along, lengths, ends, origin, (width, height)))
    mesh = [
        ((left[0], 0, right[0], height), (*left[1], *left[2], *right[2], *right[1]))
        for left, right in itertools.pairwise(columns)
        if left[0] != right[0]  # Pillow cannot bend a piece that has no width
    ]
    return patch.transform((width, height), Image.Transform.MESH, mesh, resample)


def _along_and_across(
    baseline: Array, along: Array, lengths: Array, ends: Array, points: Array
) -> Array:
    """Return points (M, 2) by how far along the baseline and how far from it they lie: (M, 2)."""
    towards = points[None] - baseline[:-1, None]
    far = np.einsum("kpm,km->kp", towards, along)
    nearest = np.argmin(np.maximum(-far, far - lengths[:, None]), axis=0)
    number = np.arange(len(points))
    towards, direction = towards[nearest, number], along[nearest]
    across = direction[:, 0] * towards[:, 1] - direction[:, 1] * towards[:, 0]
    return np.stack((ends[nearest] + far[nearest, number], across), axis=1)


def _columns(
    baseline: Array,
    along: Array,
    lengths: Array,
    ends: Array,
    origin: Array,
    size: tuple[int, int],
) -> Iterator[_Column]:
    """Yield the borders between the pieces of a line that are bent each in its own way.

    A border is a place along the strip with its upper and lower end on the patch. Where baseline
    segments meet, borders follow a quadratic Bezier curve, at most a third of the strip's height
    to either side.
    """
    width, height = size
    above, below = -origin[1], height - origin[1]
    normals = [(-y, x) for x, y in along.tolist()]
    first = baseline[0] - along[0] * origin[0]
    last = _column(0, first.tolist(), normals[0], above, below)
    yield last
    reach = height / 3
    for joint, (x, y) in enumerate(baseline[1:-1].tolist()):
        before, after = lengths[joint : joint + 2].tolist()
        back, forth = (length / max(2.0, length / reach) for length in (before, after))
        (from_x, from_y), (to_x, to_y) = along[joint : joint + 2].tolist()
        (n0x, n0y), (n1x, n1y) = normals[joint : joint + 2]
        pieces = max(1, round((back + forth) / (reach / 2)))
        for piece in range(pieces + 1):
            t = piece / pieces
            gone, to_come = t * t * forth, (1 - t) ** 2 * back
            place = (x - to_come * from_x + gone * to_x, y - to_come * from_y + gone * to_y)
            nx, ny = (1 - t) * n0x + t * n1x, (1 - t) * n0y + t * n1y
            norm = math.sqrt(nx * nx + ny * ny)
            at = int(origin[0] + ends[joint + 1] - to_come + gone)
            column = _column(at, place, (nx / norm, ny / norm), above, below)
            # Pillow cannot bend a piece that has no width somewhere.
            if all(new != old for new, old in zip(column, last, strict=True)):
                last = column
                yield column
    final = baseline[-1] + along[-1] * (width - ends[-1] - origin[0])
    nx, ny = normals[-1]
    yield (
        width,
        (final[0] + above * nx, final[1] + above * ny),
        (final[0] + below * nx, final[1] + below * ny),
    )


def _column(
    at: int, place: Sequence[float], normal: tuple[float, float], above: float, below: float
) -> _Column:
    (x, y), (nx, ny) = place, normal
    upper = (int(x + above * nx), int(y + above * ny))
    return at, upper, (int(x + below * nx), int(y + below * ny))
