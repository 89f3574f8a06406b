"""Lines of a page read by a network of kraken, many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import torch
from kraken.containers import BaselineLine, Segmentation
from kraken.lib.bidi import get_display_map
from kraken.lib.dataset import ImageInputTransforms
from kraken.lib.segmentation import extract_polygons
from torch import Tensor

from htr.document.geometry import Polygon
from htr.document.page import Glyph, Line
from htr.document.text import direction as direction_of
from htr.engine.cells import cells, extent, quadrilaterals
from htr.engine.decoding import Decoder, Reading, runs
from htr.engine.recurrent import Network
from htr.engine.strips import PADDING, Shape, cut, scaled, shapes, without_colour

if TYPE_CHECKING:
    from PIL import Image

    from htr.engine.protocol import Glyphs
    from htr.engine.strips import Outliner

    PilImage: TypeAlias = Image.Image

_Map: TypeAlias = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

_LINES_AT_ONCE = 24  # more gain little, and short lines wait for long ones
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Strip:
    """A line (C, H, W) in bytes, white 255, or as the network takes it; its width when cut."""

    shape: Shape
    pixels: Tensor
    width: int


class LineReader:
    """Reads lines with a recognition model of kraken that is ready for inference.

    `outline` draws polygons around a page's baselines where a line has none.
    """

    def __init__(self, model: Any, outline: Outliner) -> None:
        batch, channels, height, width = model.input
        weights = next(model.parameters())
        self._device = weights.device
        self._network = Network(model.nn.to(memory_format=torch.channels_last))
        self._decoder = Decoder(model.codec)
        self._outline = outline
        self._legacy = bool(model.use_legacy_polygons)
        self._height = height
        self._mode = "RGB" if channels == 3 else "L"
        self._transform = (
            None
            if height > 1 and width == 0 and channels in (1, 3)
            else ImageInputTransforms(
                batch, height, width, channels, (PADDING, 0), valid_norm=False, dtype=weights.dtype
            )
        )
        self._dtype = weights.dtype

    def read(self, image: PilImage, lines: Sequence[Line]) -> tuple[Glyphs, ...]:
        """Return for each line of an image its characters with their places and confidences.

        What a line is read as does not depend on the lines beside it. A line that cannot be cut
        out, or is blank, comes back empty.
        """
        places = shapes(image, lines, self._outline)
        page = without_colour(image)
        known = [(index, place) for index, place in enumerate(places) if place is not None]
        # Threads that share lines out beforehand never wait for one another.
        known.sort(key=lambda line: np.ptp(line[1].polygon[:, 0]), reverse=True)
        found: list[Glyphs] = [()] * len(lines)
        with _threads() as (threads, each):
            shares = [known[first::threads] for first in range(threads)]
            read = each(lambda share: self._read(page, [place for _index, place in share]), shares)
            for share, lines_read in zip(shares, read, strict=True):
                for (index, _place), glyphs in zip(share, lines_read, strict=True):
                    found[index] = glyphs
        return tuple(found)

    # Inference mode is a thread's own, so what runs in threads asks for it.
    @torch.inference_mode()
    def _read(self, page: PilImage, places: Sequence[Shape]) -> list[Glyphs]:
        """Return what stands at these places of a page."""
        cut_out = [self._strip(page, place) for place in places]
        strips = {line: strip for line, strip in enumerate(cut_out) if strip is not None}
        pixels = {line: self._on_device(strip.pixels) for line, strip in strips.items()}
        features = dict(zip(pixels, self._network.own(list(pixels.values())), strict=True))
        order = sorted(features, key=lambda line: -len(features[line]))
        found: list[Glyphs] = [()] * len(places)
        for start in range(0, len(order), _LINES_AT_ONCE):
            batch = order[start : start + _LINES_AT_ONCE]
            readings = self._readings([features[line] for line in batch])
            for line, reading in zip(batch, readings, strict=True):
                found[line] = _glyphs(reading, strips[line], len(features[line]))
        return found

    def _strip(self, image: PilImage, place: Shape) -> _Strip | None:
        strip = _cut_as_before(image, place) if self._legacy else cut(image, place)
        if strip is None or 0 in strip.size:
            return None
        pixels = self._pixels(strip)
        if pixels is None or bool((pixels == pixels.flatten()[0]).all()):
            return None
        return _Strip(place, pixels, strip.width)

    def _pixels(self, strip: PilImage) -> Tensor | None:
        if self._transform is not None:
            return torch.as_tensor(self._transform(strip))
        pixels = scaled(strip, self._height, self._mode)
        return None if pixels is None else torch.from_numpy(pixels)

    def _readings(self, features: Sequence[Tensor]) -> list[Reading]:
        """Return the characters of lines of about one length from their features (T, F)."""
        logits, lengths = self._network.shared(features)
        best = logits.float().softmax(2).max(2)
        labels, confidences = (column.T.cpu().numpy() for column in (best.indices, best.values))
        found = runs(labels, confidences, lengths.cpu().numpy())
        return [self._decoder.decode(line) for line in found]

    def _on_device(self, pixels: Tensor) -> Tensor:
        moved = pixels.to(self._device)
        return 1 - moved.to(self._dtype) / 255 if moved.dtype == torch.uint8 else moved


@contextmanager
def _threads() -> Iterator[tuple[int, _Map]]:
    """Give how many threads torch may use, and a `map` over so many that run torch with one each.

    Several lines at once gain more than several threads within a line do, and Pillow, too, lets
    other threads run while it draws.
    """
    threads = torch.get_num_threads()
    if threads == 1:
        yield 1, map
        return
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(threads) as pool:
            yield threads, pool.map
    finally:
        torch.set_num_threads(threads)


def _cut_as_before(image: PilImage, place: Shape) -> PilImage | None:
    """Return a line cut as kraken did before version 5, for networks that were trained so."""
    line = BaselineLine(
        id="line",
        baseline=[(int(x), int(y)) for x, y in place.baseline],
        boundary=[(int(x), int(y)) for x, y in place.polygon],
    )
    bounds = Segmentation(
        type="baselines",
        imagename="",
        text_direction="horizontal-lr",
        script_detection=False,
        lines=[line],
    )
    try:
        strip: PilImage = next(extract_polygons(image, bounds, legacy=True))[0]
    except ValueError:
        return None
    return strip


def _glyphs(reading: Reading, strip: _Strip, steps: int) -> Glyphs:
    """Return what was read from left to right in `steps` time steps, in logical order."""
    if not reading.characters:
        return ()
    # From time steps to the share of the strip before its white ends were added.
    columns = strip.pixels.shape[2]
    middles = (reading.starts + reading.ends + 1) / 2
    places = np.clip((middles * columns / steps - PADDING) / (columns - 2 * PADDING), 0, 1)
    base, outline = strip.shape.baseline, strip.shape.polygon
    start, end = extent(base, outline)
    borders = cells(start + places * (end - start), start, end)
    corners = np.round(quadrilaterals(base, outline, borders)).tolist()
    confidences = np.round(reading.confidences.astype(np.float64), _DIGITS).tolist()
    text = "".join(reading.characters)
    order = range(len(text))
    if direction_of(text) == "rtl":
        text, order = get_display_map(text)
    return tuple(
        Glyph(
            character,
            polygon=Polygon(tuple(map(tuple, corners[index]))),
            confidence=confidences[index],
        )
        for character, index in zip(text, order, strict=True)
    )
