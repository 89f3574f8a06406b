"""Baselines from the network's heatmaps: ridges, thinned to paths and drawn out to their ends."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage, sparse
from scipy.sparse import csgraph
from skimage.graph import MCP_Connect
from skimage.measure import approximate_polygon
from skimage.morphology import skeletonize

from htr.engine.layout.outlines import blobs, outlines
from htr.engine.layout.ridges import Heat, cells_of, ridges

Points: TypeAlias = npt.NDArray[np.int64]  # (N, 2)
Mask: TypeAlias = npt.NDArray[np.bool_]

_THRESHOLD = 0.17  # of the ridge filter's answer, above which there is a line
_TOLERANCE = 3  # pixels by which a baseline may leave its path
_SHORTEST = 5  # pixels
_SMALLEST_BLOB = 6  # pixels
_REACH = 10  # how far a baseline's end is drawn out, in lengths of its last piece
_MOST_ENDS = 400  # ends of branched paths on a page, above which tangled ones are left out
_TANGLED = 10  # ends of one path
_MARKED = 10  # pixels around an end where its separator counts
_CERTAIN = 0.2  # difference of start and end separator that tells a line's direction
_NEIGHBOURS = np.ones((3, 3), np.int8)


def baselines(heat: Heat, starts: Heat, ends: Heat, shape: tuple[int, int]) -> list[Points]:
    """Return the baselines of a page in the direction of writing, from its foot upwards.

    `heat`, `starts` and `ends` are (h, w) in 0..1: baselines and the separators at their two ends.
    Each baseline is (N, 2), x and y in pixels of a page of `shape` (height, width). The steps are
    those of Kiessling (A Modular Region and Text Line Layout Analysis System, ICFHR 2020) as in
    kraken 7.
    """
    mask = ridges(heat, shape, _THRESHOLD)
    lines = [approximate_polygon(path, _TOLERANCE) for path in _paths(skeletonize(mask))]
    _draw_out(lines, mask)
    separators = np.stack((starts, ends))
    turned = [_forwards(line, separators, shape) for line in lines]
    kept = [line[:, ::-1] for line in turned if _length(line) >= _SHORTEST]
    return sorted(kept, key=_lower_end, reverse=True)


def _lower_end(line: Points) -> tuple[int, int]:
    return max((int(y), int(x)) for x, y in (line[0], line[-1]))


def _length(line: Points) -> float:
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def _paths(skeleton: Mask) -> list[Points]:
    """Return the paths between ends of a skeleton, (K, 2) each, row and column.

    Skeletons that could meet, their pixels being at most two apart, are one group. A group with
    two ends is one path; in one with more, paths grow from all ends at once and join where they
    meet.
    """
    near = ndimage.convolve(skeleton.astype(np.int8), _NEIGHBOURS, mode="constant")
    ends = np.argwhere(skeleton & (near == 2))
    groups = blobs(near > 0)
    owners = groups[tuple(ends.T)]
    counts = np.bincount(owners, minlength=1)
    simple = [tuple(ends[owners == group]) for group in np.flatnonzero(counts == 2)]
    branched = counts > 2
    tangle = skeleton & branched[groups]
    return _shortest(skeleton, simple) + _joined(tangle, _untangled(ends[branched[owners]], tangle))


def _untangled(ends: Points, skeleton: Mask) -> Points:
    """Return the ends of branched skeletons without those of tangled ones, if there are too many.

    Joining takes time by the square of the ends; on a page of noise the longest skeletons stay.
    kraken counts the ends of plain lines too, and so finds at most 200 lines on a page.
    """
    if len(ends) <= _MOST_ENDS:
        return ends
    labels = blobs(skeleton)
    owners = labels[tuple(ends.T)]
    counts, sizes = np.bincount(owners), np.bincount(labels.ravel())
    fit = np.flatnonzero((counts > 0) & (counts <= _TANGLED))
    if counts[fit].sum() > _MOST_ENDS:
        fit = fit[np.argsort(-sizes[fit], kind="stable")]
        fit = fit[np.cumsum(counts[fit]) <= _MOST_ENDS]
    return ends[np.isin(owners, fit)]


def _shortest(skeleton: Mask, pairs: list[tuple[Points, Points]]) -> list[Points]:
    """Return the shortest path along the skeleton between the two ends of each pair."""
    if not pairs:
        return []
    pixels = np.argwhere(skeleton)
    number = np.full(skeleton.shape, -1, np.int64)
    number[tuple(pixels.T)] = np.arange(len(pixels))
    padded = np.pad(number, 1, constant_values=-1)
    edges, costs = [], []
    for down, right in ((0, 1), (1, -1), (1, 0), (1, 1)):
        other = padded[pixels[:, 0] + 1 + down, pixels[:, 1] + 1 + right]
        here = np.flatnonzero(other >= 0)
        edges.append(np.stack((here, other[here])))
        costs.append(np.full(len(here), np.hypot(down, right)))
    (tails, heads), weights = np.concatenate(edges, axis=1), np.concatenate(costs)
    graph = sparse.csr_array((weights, (tails, heads)), shape=(len(pixels),) * 2)
    firsts = [number[tuple(first)] for first, _last in pairs]
    _far, before, _source = csgraph.dijkstra(
        graph, directed=False, indices=firsts, min_only=True, return_predecessors=True
    )
    return [pixels[_back(before.tolist(), int(number[tuple(last)]))] for _first, last in pairs]


def _back(before: list[int], place: int) -> list[int]:
    path = []
    while place >= 0:
        path.append(place)
        place = before[place]
    return path[::-1]


class _Joining(MCP_Connect):  # type: ignore[misc]
    """Paths that grow along a skeleton from all ends, and the cheapest meeting of each two."""

    def __init__(self, costs: Mask) -> None:
        super().__init__(costs)
        self.meetings: dict[tuple[int, int], tuple[float, Points, Points]] = {}

    def create_connection(
        self, id1: int, id2: int, pos1: Points, pos2: Points, cost1: float, cost2: float
    ) -> None:
        """Note a meeting of two paths: called by the search."""
        pair, cost = (min(id1, id2), max(id1, id2)), cost1 + cost2
        if pair not in self.meetings or cost < self.meetings[pair][0]:
            self.meetings[pair] = (cost, pos1, pos2)

    def goal_reached(self, _index: int, cumcost: float) -> int:
        """Stop at the first step that leaves the skeleton: called by the search."""
        return 2 if cumcost else 0


def _joined(skeleton: Mask, ends: Points) -> list[Points]:
    """Return the paths between all ends that can be joined without leaving the skeleton."""
    if len(ends) < 2:
        return []
    rows, columns = (np.flatnonzero(skeleton.any(axis=axis)) for axis in (1, 0))
    corner = np.array((max(0, rows[0] - 2), max(0, columns[0] - 2)))
    window = skeleton[corner[0] : rows[-1] + 3, corner[1] : columns[-1] + 3]
    search = _Joining(~window)
    search.find_costs(ends - corner)
    return [
        np.concatenate((search.traceback(one), search.traceback(other)[::-1])) + corner
        for _cost, one, other in search.meetings.values()
    ]


def _draw_out(lines: list[Points], mask: Mask) -> None:
    """Move both ends of each line, in place, outwards to the outline of the blob it lies in."""
    if not lines:
        return
    found = outlines(blobs(mask), _SMALLEST_BLOB)
    rings = [ring for ring in found.values() if len(ring) > 3]
    areas = shapely.buffer(shapely.simplify([shapely.Polygon(ring) for ring in rings], 0.01), 0)
    tree = shapely.STRtree(areas)
    holders: dict[int, int] = {}
    for line, area in tree.query(
        [shapely.LineString(line) for line in lines], predicate="within"
    ).T:
        holders[int(line)] = min(int(area), holders.get(int(line), len(rings)))
    for index, holder in holders.items():
        line = lines[index]
        for end, inner in ((0, 1), (-1, -2)):
            line[end] = _reached(areas[holder], line[end], line[inner])


def _reached(area: shapely.Polygon, end: Points, inner: Points) -> Points:
    """Return where the line from `inner` through `end` leaves an area; `end` if that is unclear."""
    if not area.contains(shapely.Point(end)):
        return end
    ray = shapely.LineString((end + _REACH * (end - inner), end))
    crossing = area.boundary.intersection(ray)
    if crossing.geom_type != "Point":
        return end
    return np.array(crossing.coords[0]).astype(np.int64)


def _forwards(line: Points, separators: Heat, shape: tuple[int, int]) -> Points:
    """Return the line from its start to its end, by the separators or else from left to right."""
    first, last = (_balance(separators, point, shape) for point in (line[0], line[-1]))
    if first > _CERTAIN and last < -_CERTAIN:
        return line
    backwards = first < -_CERTAIN and last > _CERTAIN
    return line[::-1] if backwards or line[0][1] > line[-1][1] else line


def _balance(separators: Heat, point: Points, shape: tuple[int, int]) -> float:
    """Return how much stronger the start separator is than the end separator around a point."""
    near = []
    for place, pixels, cells in zip(point, shape, separators.shape[1:], strict=True):
        owners = cells_of(pixels, cells)
        low, high = max(0, place - _MARKED), min(pixels - 1, place + _MARKED - 1)
        near.append(slice(owners[low], owners[high] + 1))
    start, end = separators[:, near[0], near[1]].max(axis=(1, 2))
    return float(start - end)
