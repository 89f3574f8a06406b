"""Layouts: kraken's and htr's of the same pages, by turns in one process with one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import torch
from kraken.configs import SegmentationInferenceConfig
from kraken.containers import Segmentation
from kraken.tasks import SegmentationTaskModel
from PIL import Image

from htr.engine import models
from htr.engine.layout import Layout, LayoutFinder
from htr.evaluation.layout import Lines, likeness, lines, matches, truth_lines

from .corpus import TruePage, pages
from .results import Figures

Result = TypeVar("Result")

_FLUSHED_EVERY = 4  # pages of which one is measured without denormals too


def measure(folder: Path, count: int, share: tuple[int, int]) -> Figures:
    """Return by page how long both took, and how their lines agree; `share` is (part, parts)."""
    torch.set_num_threads(1)
    config = SegmentationInferenceConfig(accelerator="cpu", device=1)
    task = load()
    # htr changes the network that it is given, so each has its own.
    find = LayoutFinder(load().seg_models[0], torch.device("cpu"))
    chosen = pages(folder, count)[share[0] - 1 :: share[1]]

    def kraken(image: Image.Image) -> Segmentation:
        return task.predict(image, config)

    blank = Image.new("RGB", (600, 600), "white")
    kraken(blank)
    find(blank)
    return {
        "pages": {
            page.name: _page(page, kraken, find, flush=number % _FLUSHED_EVERY == 0)
            for number, page in enumerate(chosen)
        }
    }


def load() -> Any:
    """Return kraken's default segmentation models."""
    return SegmentationTaskModel.load_model(models.segmenter(None).path)


def timed(work: Callable[[], Result], *, flush: bool) -> tuple[float, Result]:
    """Return how long work took in seconds, with or without denormal numbers, and its result."""
    torch.set_flush_denormal(flush)
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _page(
    page: TruePage,
    kraken: Callable[[Image.Image], Segmentation],
    htr: Callable[[Image.Image], Layout],
    *,
    flush: bool,
) -> Figures:
    image, truth = page.image, truth_lines(page.truth)
    plain, segmentation = timed(lambda: kraken(image), flush=False)
    flushed = timed(lambda: kraken(image), flush=True)[0] if flush else None
    ours, layout = timed(lambda: htr(image), flush=False)
    theirs = lines(
        [line.baseline for line in segmentation.lines],
        [line.boundary for line in segmentation.lines],
    )
    found = lines([line.baseline for line in layout.lines], [line.polygon for line in layout.lines])
    pairs = matches(found.polygons, theirs.polygons)
    return {
        "kraken": _one(plain, theirs, truth, image.height),
        "kraken_flushed": {"seconds": flushed},
        "htr": _one(ours, found, truth, image.height),
        "ious": [round(iou, 4) for _ours, _theirs, iou in pairs],
        "truth": len(truth),
    }


def _one(seconds: float, found: Lines, truth: Sequence[Any], height: int) -> Figures:
    agreed = asdict(likeness(found, truth, height))
    return {"seconds": seconds, "lines": len(found.baselines), **agreed}
