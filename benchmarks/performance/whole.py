"""Whole runs: kraken's command and htr's, by turns on the same pages with the same models."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from htr.engine import models

from . import floor
from .corpus import TruePage, pages
from .results import Figures
from .watch import Watched, watched

KRAKEN = Path(sys.executable).with_name("kraken")
HTR = (sys.executable, "-m", "htr")


def measure(folder: Path, count: int, rounds: int) -> Figures:
    """Return what each command took for each of `rounds` groups of the pages."""
    chosen = pages(folder, count)
    groups = [group for start in range(rounds) if (group := chosen[start::rounds])]
    return {"pages": len(chosen), "rounds": [_round(group) for group in groups]}


def measure_jobs(folder: Path, count: int) -> Figures:
    """Return what htr took for pages with two at a time and with one, one run each.

    And the rates of matrix products with one process at work and with two: how far two processors
    of this machine can do more than one.
    """
    paths = [page.path for page in pages(folder, count)]
    return {
        "pages": len(paths),
        "htr2": htr(paths, jobs=2),
        "htr1": htr(paths, jobs=1),
        "rates": {str(at_once): floor.rates(at_once) for at_once in (1, 2)},
    }


def _round(group: Sequence[TruePage]) -> Figures:
    return {
        "pages": len(group),
        "kraken": _kraken(group),
        "htr2": htr([page.path for page in group], jobs=2),
        "htr1": htr([page.path for page in group], jobs=1),
    }


def _kraken(group: Sequence[TruePage]) -> Figures:
    """Run kraken with its own settings: all processors, two processes that cut lines out."""
    model = str(models.recogniser(None).path)
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder) / f"{index}.xml" for index in range(len(group))]
        pairs = [
            word
            for page, output in zip(group, outputs, strict=True)
            for word in ("-i", str(page.path), str(output))
        ]
        took = watched(
            [str(KRAKEN), "-a", "-d", "cpu", *pairs, "segment", "-bl", "ocr", "-m", model]
        )
        missing = [output.name for output in outputs if not output.exists()]
    if missing:
        raise RuntimeError(f"kraken left out {len(missing)} of {len(group)} pages")
    return _by_page(took, len(group))


def htr(paths: Sequence[Path], jobs: int) -> Figures:
    """Return what `htr transcribe` took, and what its log says of each page."""
    with tempfile.TemporaryDirectory() as folder:
        names = [str(path) for path in paths]
        command = [*HTR, "transcribe", *names, "-o", folder, "--jobs", str(jobs), "-q"]
        took = watched([*command, "--language-model", "none"])  # as kraken reads
        log = (Path(folder) / "run.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in log]
    kept = ("lines", "seconds", "cpu_seconds", "peak_memory_mb")
    return {
        **_by_page(took, len(paths)),
        "peak_mb": max(record["peak_memory_mb"] for record in records),
        "log": [{name: record[name] for name in kept} for record in records],
    }


def _by_page(took: Watched, count: int) -> Figures:
    return {
        **asdict(took),
        "pages_a_minute": 60 * count / took.seconds,
        "cpu_seconds_a_page": took.cpu_seconds / count,
    }
