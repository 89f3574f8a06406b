"""Lines of a page read by a network of kraken, many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from kraken.containers import BaselineLine, Segmentation
from kraken.lib.bidi import get_display_map
from kraken.lib.dataset import ImageInputTransforms
from kraken.lib.segmentation import extract_polygons
from torch import Tensor

from htr.document.geometry import Polygon
from htr.document.page import Glyph, Line
from htr.document.text import direction as direction_of
from htr.engine.calibration import UNCALIBRATED, Calibration
from htr.engine.cells import cells, extent, quadrilaterals
from htr.engine.decoding import NOTHING, BatchDecoder, Greedy, Reading, doubts
from htr.engine.protocol import LineReading
from htr.engine.recurrent import Network
from htr.engine.strips import PADDING, Shape, cut, scaled, shapes, without_colour

if TYPE_CHECKING:
    from PIL import Image

    from htr.engine.strips import Outliner

    PilImage: TypeAlias = Image.Image

_Given = TypeVar("_Given")
_Found = TypeVar("_Found")
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

    `outline` draws polygons around a page's baselines where a line has none; `decode` makes
    characters of the network's output, by default the best label at each step; `calibration` is
    the one for readings made so.
    """

    def __init__(
        self,
        model: Any,
        outline: Outliner,
        decode: BatchDecoder | None = None,
        calibration: Calibration = UNCALIBRATED,
    ) -> None:
        batch, channels, height, width = model.input
        weights = next(model.parameters())
        self._device = weights.device
        self._network = Network(model.nn.to(memory_format=torch.channels_last))
        self._decode = decode or Greedy(model.codec, calibration.temperature)
        self._calibration = calibration
        self.codec = model.codec  # of kraken: labels to characters
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

    def read(self, image: PilImage, lines: Sequence[Line]) -> tuple[LineReading, ...]:
        """Return for each line of an image its characters with their places and confidences.

        What a line is read as does not depend on the lines beside it. A line that cannot be cut
        out, or is blank, comes back empty.
        """
        places = shapes(image, lines, self._outline)
        page = without_colour(image)
        known = [(index, place) for index, place in enumerate(places) if place is not None]
        found = [LineReading()] * len(lines)
        read = _shared_out(
            [place for _index, place in known],
            lambda place: float(np.ptp(place.polygon[:, 0])),
            lambda share: self._read(page, share),
        )
        for (index, _place), reading in zip(known, read, strict=True):
            found[index] = reading
        return tuple(found)

    def read_strips(self, strips: Sequence[PilImage]) -> list[Reading]:
        """Return what stands on lines that are cut out already, an empty reading for a blank one.

        Places are in time steps of the network, from left to right.
        """
        return _shared_out(strips, lambda strip: strip.width / strip.height, self._read_strips)

    def logits(self, strips: Sequence[PilImage]) -> list[npt.NDArray[np.float32]]:
        """Return the network's output for lines that are cut out already: (T, labels) each.

        A blank line has no time steps.
        """
        return _shared_out(strips, lambda strip: strip.width / strip.height, self._logits)

    # Inference mode is a thread's own, so what runs in threads asks for it.
    @torch.inference_mode()
    def _read(self, page: PilImage, places: Sequence[Shape]) -> list[LineReading]:
        """Return what stands at these places of a page."""
        cut_out = [self._strip(page, place) for place in places]
        strips = {line: strip for line, strip in enumerate(cut_out) if strip is not None}
        found = [LineReading()] * len(places)
        for line, steps, reading in self._decoded(
            {line: strip.pixels for line, strip in strips.items()}
        ):
            found[line] = _placed(reading, strips[line], steps)
        return found

    @torch.inference_mode()
    def _read_strips(self, strips: Sequence[PilImage]) -> list[Reading]:
        found = [NOTHING] * len(strips)
        for line, _steps, reading in self._decoded(self._all_pixels(strips)):
            found[line] = reading
        return found

    @torch.inference_mode()
    def _logits(self, strips: Sequence[PilImage]) -> list[npt.NDArray[np.float32]]:
        found = [np.zeros((0, 0), np.float32)] * len(strips)
        for batch, logits, lengths in self._batches(self._all_pixels(strips)):
            for column, (line, length) in enumerate(zip(batch, lengths.tolist(), strict=True)):
                found[line] = logits[:length, column].float().cpu().numpy()
        return found

    def _all_pixels(self, strips: Sequence[PilImage]) -> dict[int, Tensor]:
        pixels = {line: self._pixels(strip) for line, strip in enumerate(strips)}
        return {line: one for line, one in pixels.items() if one is not None and not _blank(one)}

    def _decoded(self, pixels: Mapping[int, Tensor]) -> Iterator[tuple[int, int, Reading]]:
        """Yield for each line its number, how many time steps it has and what stands there."""
        for batch, logits, lengths in self._batches(pixels):
            readings = self._decode(logits, lengths)
            if not isinstance(self._decode, Greedy):
                known = zip(readings, doubts(logits, lengths), strict=True)
                readings = [replace(reading, network=doubt) for reading, doubt in known]
            yield from zip(batch, lengths.tolist(), map(self._calibrated, readings), strict=True)

    def _calibrated(self, reading: Reading) -> Reading:
        return replace(reading, confidences=self._calibration.glyphs(reading.confidences))

    def _batches(self, pixels: Mapping[int, Tensor]) -> Iterator[tuple[list[int], Tensor, Tensor]]:
        """Yield lines of about one length: numbers, logits (longest T, N, labels), lengths (N,)."""
        moved = [self._on_device(strip) for strip in pixels.values()]
        features = dict(zip(pixels, self._network.own(moved), strict=True))
        order = sorted(features, key=lambda line: -len(features[line]))
        for start in range(0, len(order), _LINES_AT_ONCE):
            batch = order[start : start + _LINES_AT_ONCE]
            yield batch, *self._network.shared([features[line] for line in batch])

    def _strip(self, image: PilImage, place: Shape) -> _Strip | None:
        strip = _cut_as_before(image, place) if self._legacy else cut(image, place)
        if strip is None or 0 in strip.size:
            return None
        pixels = self._pixels(strip)
        if pixels is None or _blank(pixels):
            return None
        return _Strip(place, pixels, strip.width)

    def _pixels(self, strip: PilImage) -> Tensor | None:
        if self._transform is not None:
            return torch.as_tensor(self._transform(strip))
        pixels = scaled(strip, self._height, self._mode)
        return None if pixels is None else torch.from_numpy(pixels)

    def _on_device(self, pixels: Tensor) -> Tensor:
        moved = pixels.to(self._device)
        return 1 - moved.to(self._dtype) / 255 if moved.dtype == torch.uint8 else moved


def _blank(pixels: Tensor) -> bool:
    return bool((pixels == pixels.flatten()[0]).all())


def _shared_out(
    lines: Sequence[_Given],
    length: Callable[[_Given], float],
    work: Callable[[Sequence[_Given]], Sequence[_Found]],
) -> list[_Found]:
    """Return what `work` makes of lines, shared out among threads by their lengths, in order."""
    # Threads that share lines out beforehand never wait for one another.
    order = sorted(range(len(lines)), key=lambda line: -length(lines[line]))
    with _threads() as (threads, each):
        shares = [order[first::threads] for first in range(threads)]
        made = each(lambda share: work([lines[line] for line in share]), shares)
        found = {
            line: one
            for share, ones in zip(shares, made, strict=True)
            for line, one in zip(share, ones, strict=True)
        }
    return [found[line] for line in range(len(lines))]


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


def _placed(reading: Reading, strip: _Strip, steps: int) -> LineReading:
    """Return what was read from left to right in `steps` time steps, in logical order."""
    if not reading.characters:
        return LineReading()
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
    order, alternatives = range(len(text)), reading.alternatives
    if direction_of(text) == "rtl":
        text, order = get_display_map(text)
        alternatives = ()  # they are from left to right
    glyphs = tuple(
        Glyph(
            character,
            polygon=Polygon(tuple(map(tuple, corners[index]))),
            confidence=confidences[index],
        )
        for character, index in zip(text, order, strict=True)
    )
    return LineReading(glyphs, alternatives, reading.network)
