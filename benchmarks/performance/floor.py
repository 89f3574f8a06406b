"""The floor: what the networks' operations alone would take at the speed of a matrix product."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import torch
from kraken.tasks import RecognitionTaskModel
from torch import nn

from htr.engine import EngineSpec, models
from htr.engine.kraken import KrakenEngine
from htr.engine.layout.heatmaps import HeatmapNetwork

from .corpus import evenly
from .layout import load, timed
from .reading import script
from .results import Figures

_SIDE, _PRODUCTS = 2048, 20
_RATES = 3  # a second or two of products
_COUNTED = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.LSTM)


def measure(folder: Path, count: int) -> Figures:
    """Return the matrix product's rate, and by page operations needed and seconds taken.

    The truth's lines are read, so that both networks' inputs are known.
    """
    torch.set_num_threads(1)
    recognition, file = script(), models.recogniser(None)
    engine = KrakenEngine(EngineSpec(file, models.segmenter(None), threads=1))
    heatmaps = HeatmapNetwork(load().seg_models[0], torch.device("cpu"))
    plain, model = load().seg_models[0].nn.eval(), RecognitionTaskModel.load_model(file.path)
    pages = []
    for page in evenly(recognition.load(folder, None), count):
        image = page.image.convert("RGB")
        with counted(model) as reading:
            recognition.krakens(model, 1, [page])
        heatmaps(image)  # code for a page of this size is made the first time
        network, seen = timed(lambda: heatmaps(image), flush=True)  # noqa: B023
        with counted(plain) as finding, torch.inference_mode():
            plain(torch.zeros(1, 3, *seen.grey.shape), None)
        layout, _regions = timed(lambda: engine.segment(image), flush=True)  # noqa: B023
        read, _glyphs = timed(lambda: engine.read(image, page.lines), flush=True)  # noqa: B023
        pages.append(
            {
                "layout_operations": sum(finding),
                "recognition_operations": sum(reading),
                "network": network,
                "layout": layout,
                "recognition": read,
            }
        )
    return {"rate": rate(), "pages": pages}


def rate() -> float:
    """Return the operations a second of products of large matrices of 32-bit numbers."""
    left, right = torch.rand(_SIDE, _SIDE), torch.rand(_SIDE, _SIDE)
    seconds = []
    for _product in range(_PRODUCTS):
        start = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - start)
    return 2 * _SIDE**3 / median(seconds)


def rates(at_once: int) -> list[float]:
    """Return the rates that so many processes of one thread reach at the same time."""
    with ProcessPoolExecutor(at_once, get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        list(pool.map(_rate, range(at_once)))  # until all have started
        return list(pool.map(_rate, range(at_once)))


def _rate(_process: int) -> float:
    return median(rate() for _time in range(_RATES))


@contextmanager
def counted(network: nn.Module) -> Iterator[list[int]]:
    """Give a list that takes the operations of each layer as the network runs.

    A multiplication and the addition after it are two; what the other layers do is little.
    """
    counts: list[int] = []

    def count(layer: Any, given: Any, made: Any) -> None:
        counts.append(2 * _products(layer, given[0], made))

    hooks = [
        layer.register_forward_hook(count)
        for layer in network.modules()
        if isinstance(layer, _COUNTED)
    ]
    try:
        yield counts
    finally:
        for hook in hooks:
            hook.remove()


def _products(layer: Any, given: Any, made: Any) -> int:
    if isinstance(layer, nn.LSTM):
        steps = getattr(given, "data", given).numel() // layer.input_size
        directions = 2 if layer.bidirectional else 1
        inputs = layer.input_size + (layer.num_layers - 1) * directions * layer.hidden_size
        inputs += layer.num_layers * layer.hidden_size
        return int(steps * directions * 4 * layer.hidden_size * inputs)
    if isinstance(layer, nn.Linear):
        return int(made.numel() * layer.in_features)
    kernel = layer.weight[0, 0].numel()
    if isinstance(layer, nn.ConvTranspose2d):
        return int(given.numel() * layer.out_channels // layer.groups * kernel)
    return int(made.numel() * layer.in_channels // layer.groups * kernel)
