"""How the cost grows: with the lines of a page, and with the pages of a run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from PIL import Image

from htr.api import read_page
from htr.engine import EngineSpec, models
from htr.engine.kraken import KrakenEngine

from .corpus import fullest, pages, tiled, write_slips
from .layout import timed
from .results import Figures
from .watch import watched
from .whole import KRAKEN, htr

LINES = (50, 200, 800)
PAGES = (10, 100, 1000)
_ONE_THREAD = {"OMP_NUM_THREADS": "1"}


def measure_lines(folder: Path, rounds: int, limit: float) -> Figures:
    """Return the seconds for pages of few and many lines; kraken's command stops at `limit`."""
    torch.set_num_threads(1)
    engine = KrakenEngine(EngineSpec(models.recogniser(None), models.segmenter(None), threads=1))
    page = fullest(pages(folder, 20))
    sizes = {}
    for count in LINES:
        sheet = tiled(page, count)
        sizes[str(count)] = {**_htr(engine, sheet, rounds), "kraken": _kraken(sheet, limit)}
    return {"limit": limit, "sizes": sizes}


def _htr(engine: KrakenEngine, sheet: Image.Image, rounds: int) -> Figures:
    layout, recognition, found = [], [], 0
    for _round in range(rounds):
        took, regions = timed(lambda: engine.segment(sheet), flush=True)
        layout.append(took)
        lines = [line for region in regions for line in region.lines]
        took, _read = timed(lambda: engine.read(sheet, lines), flush=True)  # noqa: B023
        recognition.append(took)
        found = len(lines)
    return {"layout": layout, "recognition": recognition, "found": found}


def _kraken(sheet: Image.Image, limit: float) -> Figures | None:
    """Return what kraken's command took and found with one thread, or None where it was stopped."""
    with tempfile.TemporaryDirectory() as place:
        image, output = Path(place) / "page.png", Path(place) / "page.xml"
        sheet.save(image)
        command = [str(KRAKEN), "-a", "-d", "cpu", "--threads", "1"]
        command += ["-i", str(image), str(output), "segment", "-bl"]
        took = watched(command, limit=limit, environment=_ONE_THREAD)
        if took.status is None:
            return None
        return {"seconds": took.seconds, "found": len(tuple(read_page(output).lines))}


def measure_pages(sample: Path, rounds: int, most: int) -> Figures:
    """Return what runs over slips of a page took: few of them several times, up to `most` once."""
    sizes = {}
    for count in (size for size in PAGES if size <= most):
        times = rounds if count == PAGES[0] else 1
        sizes[str(count)] = [_slips(sample, count) for _time in range(times)]
    return {"sizes": sizes}


def _slips(sample: Path, count: int) -> Figures:
    with tempfile.TemporaryDirectory() as place:
        write_slips(sample, count, Path(place))
        took = htr(sorted(Path(place).iterdir()), jobs=2)
    peaks = [page["peak_memory_mb"] for page in took.pop("log")]
    firsts = {str(size): max(peaks[:size]) for size in PAGES if size <= count}
    return {**took, "peaks_mb": firsts}
