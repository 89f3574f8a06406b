"""Recognition: kraken's and htr's of the same lines, by turns in one process with one thread."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import torch
from kraken.tasks import RecognitionTaskModel

from htr.engine import EngineSpec, models
from htr.engine.kraken import KrakenEngine

from .corpus import evenly
from .layout import timed
from .results import Figures

BATCHES = (1, 8, 32)


def script() -> Any:
    """Return `benchmarks/recognition.py`, which type checkers know by another name."""
    return importlib.import_module("benchmarks.recognition")


def measure(folder: Path, count: int, rounds: int) -> Figures:
    """Return the seconds of each round, kraken's by batch size, and what the text came to."""
    torch.set_num_threads(1)
    recognition = script()
    file = models.recogniser(None)
    engine = KrakenEngine(EngineSpec(file, models.segmenter(None), threads=1))
    model = RecognitionTaskModel.load_model(file.path)
    pages = evenly(recognition.load(folder, None), count)
    seconds: dict[str, list[float]] = {f"kraken{batch}": [] for batch in BATCHES}
    seconds["htr"] = []
    texts: dict[str, dict[tuple[int, str], str]] = {}
    for _round in range(rounds):
        for batch in BATCHES:
            name = f"kraken{batch}"
            took, texts[name] = timed(
                lambda batch=batch: recognition.krakens(model, batch, pages),  # type: ignore[misc]
                flush=False,
            )
            seconds[name].append(took)
        took, texts["htr"] = timed(lambda: recognition.ours(engine, pages), flush=True)
        seconds["htr"].append(took)
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
