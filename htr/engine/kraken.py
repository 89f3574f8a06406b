"""kraken's baseline segmenter and recognisers (Kiessling, DH2019) behind our protocol.

The only module that touches kraken and torch to read pages.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import torch
from kraken.configs import RecognitionInferenceConfig, SegmentationInferenceConfig
from kraken.models import load_models
from kraken.tasks import RecognitionTaskModel, SegmentationTaskModel

from htr.document.page import Line, Region
from htr.engine.language.loading import language_decoder
from htr.engine.layout import outlined
from htr.engine.reading import LineReader
from htr.engine.segmenting import finder, regions
from htr.engine.strips import PADDING
from htr.errors import BrokenModel, DeviceError
from htr.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image

    from htr.engine import EngineSpec
    from htr.engine.calibration import Calibration
    from htr.engine.models import ModelFile
    from htr.engine.protocol import LineReading


class KrakenEngine:
    """A segmentation and a recognition model of kraken, loaded on one device."""

    def __init__(self, spec: EngineSpec) -> None:
        if spec.threads is not None:
            torch.set_num_threads(spec.threads)
        accelerator, devices = _device(spec.device)
        segmenter = _load(spec.segmenter, SegmentationTaskModel, _("a segmenter"))
        config = SegmentationInferenceConfig(
            accelerator=accelerator,
            device=devices,
            text_direction="horizontal-rl" if spec.direction == "rtl" else "horizontal-lr",
        )
        self._find = finder(segmenter, config, torch.device(spec.device), exact=spec.exact_layout)
        self._reader = line_reader(spec, spec.calibration)

    @property
    def software(self) -> tuple[str, str]:
        """The name and version of the software that does the work."""
        return "kraken", version("kraken")

    def segment(self, image: Image) -> tuple[Region, ...]:
        """Return an upright page's regions with their lines, both in reading order."""
        return regions(self._find(image), image.size)

    def read(self, image: Image, lines: Sequence[Line]) -> tuple[LineReading, ...]:
        """Return for each line its characters with their places and confidences."""
        return self._reader.read(image, lines)


def line_reader(spec: EngineSpec, calibration: Calibration) -> LineReader:
    """Return the reader of lines that a spec names; raises BrokenModel and DeviceError."""
    accelerator, devices = _device(spec.device)
    recogniser = _load(spec.recogniser, RecognitionTaskModel, _("a recogniser of text")).net
    recogniser.prepare_for_inference(
        RecognitionInferenceConfig(
            accelerator=accelerator, device=devices, padding=PADDING, num_line_workers=0
        )
    )
    decode = None if spec.language is None else language_decoder(recogniser.codec, spec.language)
    return LineReader(recogniser, outlined, decode, calibration)


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
