"""kraken's baseline segmenter and recognisers (Kiessling, DH2019) behind our protocol.

The only module that touches kraken and torch to read pages.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from kraken.configs import RecognitionInferenceConfig, SegmentationInferenceConfig
from kraken.containers import BaselineLine, Segmentation
from kraken.lib.bidi import get_display_map
from kraken.lib.ctc_decoder import greedy_decoder
from kraken.lib.dataset import ImageInputTransforms
from kraken.lib.segmentation import calculate_polygonal_environment, extract_polygons
from kraken.models import load_models
from kraken.tasks import RecognitionTaskModel, SegmentationTaskModel

from htr.document.geometry import Baseline, Point, Polygon
from htr.document.order import by_region
from htr.document.page import Glyph, Line, Region
from htr.document.text import direction as direction_of
from htr.engine.cells import cells, extent, quadrilaterals
from htr.errors import BrokenModel, DeviceError
from htr.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image

    from htr.engine import EngineSpec
    from htr.engine.models import ModelFile
    from htr.engine.protocol import Glyphs

_PADDING = 16  # blank pixels on both ends of a strip, as kraken trains with
_DIGITS = 4
_BASELINE_HEIGHT = 0.2  # where a box has no baseline: how far above its foot letters stand
# kraken's names, and those of its usual training sets, in SegmOnto's words (segmonto.github.io)
_ZONES = {"text": "MainZone", "paragraph": "MainZone", "marginalia": "MarginTextZone"}
_LINES = {"default": "DefaultLine"}


class KrakenEngine:
    """A segmentation and a recognition model of kraken, loaded on one device."""

    def __init__(self, spec: EngineSpec) -> None:
        if spec.threads is not None:
            torch.set_num_threads(spec.threads)
        accelerator, devices = _device(spec.device)
        self._layout = _load(spec.segmenter, SegmentationTaskModel, _("a segmenter"))
        self._layout_config = SegmentationInferenceConfig(
            accelerator=accelerator,
            device=devices,
            text_direction="horizontal-rl" if spec.direction == "rtl" else "horizontal-lr",
        )
        self._net = _load(spec.recogniser, RecognitionTaskModel, _("a recogniser of text")).net
        self._net.prepare_for_inference(
            RecognitionInferenceConfig(
                accelerator=accelerator, device=devices, padding=_PADDING, num_line_workers=0
            )
        )
        batch, channels, height, width = self._net.input
        weights = next(self._net.parameters())
        self._device = weights.device
        self._transform = ImageInputTransforms(
            batch, height, width, channels, (_PADDING, 0), valid_norm=False, dtype=weights.dtype
        )

    @property
    def software(self) -> tuple[str, str]:
        """The name and version of the software that does the work."""
        return "kraken", version("kraken")

    def segment(self, image: Image) -> tuple[Region, ...]:
        """Return an upright page's regions with their lines, both in kraken's reading order."""
        return _regions(self._layout.predict(image, self._layout_config), image.size)

    def read(self, image: Image, lines: Sequence[Line]) -> tuple[Glyphs, ...]:
        """Return for each line its characters with their places and confidences."""
        return tuple(self._read_line(image, line) for line in lines)

    @torch.inference_mode()
    def _read_line(self, image: Image, line: Line) -> Glyphs:
        shape = _shape(image, line)
        strip = None if shape is None else self._strip(image, *shape)
        if shape is None or strip is None:
            return ()
        tensor = self._transform(strip)
        if tensor.max() == tensor.min():
            return ()
        logits, _lengths = self._net.nn(tensor[None].to(self._device))
        probabilities = logits.softmax(1).squeeze(2)
        steps = probabilities.shape[-1]
        characters = self._net.codec.decode(
            greedy_decoder(probabilities.cpu(), torch.tensor([steps]))[0]
        )
        if not characters:
            return ()
        # From time steps to pixels of the strip as it was cut, before scaling and padding.
        scale = strip.width / (tensor.shape[2] - 2 * _PADDING)
        middles = np.array([(start + end + 1) / 2 for _c, start, end, _p in characters])
        places = (middles * tensor.shape[2] / steps - _PADDING) * scale
        return _glyphs(characters, np.clip(places, 0, strip.width) / strip.width, *shape)

    def _strip(
        self, image: Image, baseline: list[tuple[int, int]], polygon: list[tuple[int, int]]
    ) -> Image | None:
        """Return the line cut out and straightened, or None where kraken finds it too short."""
        line = BaselineLine(id="line", baseline=baseline, boundary=polygon)
        bounds = Segmentation(
            type="baselines",
            imagename="",
            text_direction="horizontal-lr",
            script_detection=False,
            lines=[line],
        )
        try:
            strip, _line = next(
                extract_polygons(image, bounds, legacy=bool(self._net.use_legacy_polygons))
            )
        except ValueError:
            return None
        return None if 0 in strip.size else strip


def _device(name: str) -> tuple[str, Any]:
    """Return kraken's accelerator and devices for `cpu`, `cuda:N` or `mps`."""
    kind, _colon, number = name.partition(":")
    if kind == "cuda" and number.isdecimal() and int(number) < torch.cuda.device_count():
        return "cuda", [int(number)]
    if kind == "mps" and torch.backends.mps.is_available():
        return "mps", 1
    if name == "cpu":
        return "cpu", 1
    raise DeviceError(
        _("There is no device “{name}” here.").format(name=name),
        hint=_("Use --device cpu, which every computer has."),
    )


def _load(file: ModelFile, task: Any, job: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.getLogger("coremltools").setLevel(logging.ERROR)
            return task(load_models(file.path))
    except (ValueError, RuntimeError, TypeError, KeyError, OSError) as error:
        raise BrokenModel(
            _("This file does not load as {job} ({reason}).").format(
                job=job, reason=str(error).splitlines()[0][:200]
            ),
            path=file.path,
            hint=_("Give a model that kraken 7 reads; `htr models list` names those of htr."),
        ) from error


def _regions(found: Segmentation, size: tuple[int, int]) -> tuple[Region, ...]:
    """Return kraken's layout as regions in reading order, with ids of our own.

    kraken's ids are drawn at random; ours say where a thing stands, so that two runs agree.
    """
    zones = {
        zone.id: (_ZONES.get(kind, kind), _polygon(zone.boundary, size))
        for kind, members in found.regions.items()
        for zone in members
    }
    groups = by_region([line.regions[0] if line.regions else None for line in found.lines])
    read = {zone for zone, _lines in groups}
    empty = [(zone, ()) for zone in zones if zone not in read]
    return tuple(
        Region(
            f"r{number}",
            *zones.get(zone or "", (None, None)),
            lines=tuple(
                _line(f"r{number}l{place}", found.lines[index], size)
                for place, index in enumerate(indices, start=1)
            ),
        )
        for number, (zone, indices) in enumerate((*groups, *empty), start=1)
    )


def _line(name: str, line: BaselineLine, size: tuple[int, int]) -> Line:
    kind = ((line.tags or {}).get("type") or [{"type": "default"}])[0]["type"]
    return Line(
        name,
        Baseline(tuple(_inside(point, size) for point in line.baseline)),
        _polygon(line.boundary, size),
        kind=_LINES.get(kind, kind),
    )


def _polygon(points: Sequence[Sequence[float]], size: tuple[int, int]) -> Polygon | None:
    inside = tuple(_inside(point, size) for point in points)
    return Polygon(inside) if len(set(inside)) > 2 else None


def _inside(point: Sequence[float], size: tuple[int, int]) -> Point:
    """Return a point in whole pixels, moved onto the image where it lies outside."""
    x, y = round(point[0]), round(point[1])
    return min(max(x, 0), size[0] - 1), min(max(y, 0), size[1] - 1)


def _shape(image: Image, line: Line) -> tuple[list[tuple[int, int]], list[tuple[int, int]]] | None:
    """Return a line's baseline and polygon as kraken wants them, made up where one is missing."""
    box = line.box
    if box is None:
        return None
    foot = box.bottom - _BASELINE_HEIGHT * box.height
    points = line.baseline.points if line.baseline else ((box.left, foot), (box.right, foot))
    if line.direction == "rtl" and points[0][0] > points[-1][0]:
        points = points[::-1]
    baseline = [_whole(point, image.size) for point in points]
    baseline = [p for i, p in enumerate(baseline) if i == 0 or p != baseline[i - 1]]
    if len(baseline) < 2:
        return None
    if line.polygon is not None:
        return baseline, [_whole(point, image.size) for point in line.polygon.points]
    drawn = calculate_polygonal_environment(image, [baseline])[0]
    return None if drawn is None else (baseline, [_whole(point, image.size) for point in drawn])


def _whole(point: Sequence[float], size: tuple[int, int]) -> tuple[int, int]:
    x, y = _inside(point, size)
    return int(x), int(y)


def _glyphs(
    characters: Sequence[tuple[str, int, int, float]],
    places: np.ndarray[Any, np.dtype[np.float64]],
    baseline: list[tuple[int, int]],
    polygon: list[tuple[int, int]],
) -> Glyphs:
    """Return characters, given from left to right at `places` (0..1), in logical order."""
    base, outline = np.array(baseline, float), np.array(polygon, float)
    start, end = extent(base, outline)
    borders = cells(start + places * (end - start), start, end)
    corners = np.round(quadrilaterals(base, outline, borders))
    text = "".join(character for character, *_rest in characters)
    order = range(len(text))
    if direction_of(text) == "rtl":
        text, order = get_display_map(text)
    return tuple(
        Glyph(
            character,
            polygon=Polygon(tuple((float(x), float(y)) for x, y in corners[index])),
            confidence=round(float(characters[index][3]), _DIGITS),
        )
        for character, index in zip(text, order, strict=True)
    )
