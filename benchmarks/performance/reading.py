"""Recognition: kraken's and htr's of the same lines, by turns in one process."""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import torch
from kraken.tasks import RecognitionTaskModel

from htr.engine import EngineSpec, models
from htr.engine.kraken import KrakenEngine

from .corpus import evenly
from .layout import timed
from .results import Figures

BATCHES = (1, 8, 16, 32, 64)

Texts: TypeAlias = dict[tuple[int, str], str]


def script() -> Any:
    """Return `benchmarks/recognition.py`, which type checkers know by another name."""
    return importlib.import_module("benchmarks.recognition")


def measure(folder: Path, count: int, rounds: int) -> Figures:
    """Return the seconds of each round, kraken's by batch size, and what the text came to."""
    recognition = script()
    file = models.recogniser(None)
    engine = KrakenEngine(EngineSpec(file, models.segmenter(None), threads=1))
    model = RecognitionTaskModel.load_model(file.path)
    pages = evenly(recognition.load(folder, None), count)
    work: dict[str, Callable[[], Texts]] = {
        f"kraken{batch}": functools.partial(recognition.krakens, model, batch, pages)
        for batch in BATCHES
    }
    work["htr"] = functools.partial(recognition.ours, engine, pages)
    seconds: dict[str, list[float]] = {}
    texts: dict[str, Texts] = {}
    for _round in range(rounds):
        for threads, suffix in ((1, ""), (os.cpu_count() or 1, "_all")):
            torch.set_num_threads(threads)
            for tool, read in work.items():
                took, texts[tool + suffix] = timed(read, flush=False)
                seconds.setdefault(tool + suffix, []).append(took)
    folded = recognition.folded
    one_by_one = {place: folded(text) for place, text in texts["kraken1"].items()}
    return {
        "pages": len(pages),
        "lines": len(one_by_one),
        "seconds": seconds,
        "cer": {name: recognition.cer(text, pages) for name, text in texts.items()},
        "equal": {
            name: sum(folded(text.get(place, "")) == line for place, line in one_by_one.items())
            for name, text in texts.items()
        },
    }
