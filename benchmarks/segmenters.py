"""Segmenters side by side: lines and regions found, and the seconds of network and whole layout.

    python benchmarks/segmenters.py ../shared/corpora/test lean-layout.mlmodel
    python benchmarks/segmenters.py --step . lean-layout.mlmodel

kraken's own default segmenter comes first. Lines and regions count as found where they agree with
the truth's as `htr.evaluation.layout` has it (IoU above a half; of lines, that of the bands around
their baselines). Regions are measured on pages whose truth has some: those whose kind fits one of
the patterns of `--regions` count, all as one kind. The segmenters take turns on each page, with one
thread, so that what else the machine does troubles all alike.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import torch
from PIL import Image
from torch.nn import functional
from tqdm import tqdm

from htr.document.page import Region
from htr.engine import models
from htr.engine.layout import LayoutFinder
from htr.engine.layout.heatmaps import HeatmapNetwork, without_denormals
from htr.engine.segmenting import regions
from htr.evaluation.layout import Counts, LayoutScores, compared
from htr.training.layout import network
from htr.training.layout.kinds import Merge, Wording
from htr.training.layout.settings import LayoutSettings
from htr.training.layout.truth import TruePage, read_pages

Table: TypeAlias = "dict[str, dict[str, Sum]]"

CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Segmenter:
    """A segmenter by its name: the network alone, and with all that follows it."""

    name: str
    network: HeatmapNetwork
    finder: LayoutFinder


@dataclass(slots=True)
class Sum:
    """What a segmenter did on some pages; `seconds` of the network and of the whole layout."""

    pages: int = 0
    scores: LayoutScores = field(default_factory=LayoutScores)
    seconds: tuple[float, float] = (0.0, 0.0)

    def add(self, scores: LayoutScores, seconds: tuple[float, float]) -> None:
        """Add a page."""
        self.pages += 1
        self.scores += scores
        self.seconds = (self.seconds[0] + seconds[0], self.seconds[1] + seconds[1])


def load(path: Path | None) -> Segmenter:
    """Return the segmenter in a file, or kraken's default one."""
    file = models.segmenter(path)
    nets = [network.load(file) for _twice in range(2)]
    return Segmenter(
        file.name if path is None else str(path),
        HeatmapNetwork(nets[0], CPU),
        LayoutFinder(nets[1], CPU),
    )


def wording(kinds: Sequence[str]) -> Wording:
    """Return what counts as a region, as one kind, and all lines as one kind."""
    merges = [Merge(kind, "Zone") for kind in kinds]
    return Wording((*merges, Merge("*", "")), (Merge("*", "DefaultLine"),))


def measured(
    segmenter: Segmenter, image: Image.Image, truth: Sequence[Region], words: Wording
) -> tuple[LayoutScores, tuple[float, float]]:
    """Return how a segmenter's layout of a page agrees with the truth's, and its seconds."""
    start = time.perf_counter()
    segmenter.network(image)
    alone = time.perf_counter() - start
    start = time.perf_counter()
    found = words.applied(regions(segmenter.finder(image), image.size))
    whole = time.perf_counter() - start
    if not any(region.polygon for region in truth):
        found = tuple(Region(region.id, lines=region.lines) for region in found)
    return compared(found, truth, image.height), (alone, whole)


def run(pages: Sequence[TruePage], segmenters: Sequence[Segmenter], words: Wording) -> Table:
    """Return sums by segmenter and collection; `""` is for all collections."""
    sums: Table = defaultdict(lambda: defaultdict(Sum))
    for page in tqdm(pages, disable=None):
        truth = words.applied(page.regions)
        with Image.open(page.image) as opened:
            image = opened.convert("RGB")
        for segmenter in segmenters:
            scores, seconds = measured(segmenter, image, truth, words)
            for collection in ("", page.collection):
                sums[segmenter.name][collection].add(scores, seconds)
    return sums


def step_seconds(path: Path | None) -> float:
    """Return the processor's seconds for a training step on a page of the shape of A4.

    The network's part alone: the page's reading and drawing takes a tenth of it at most.
    """
    net = network.load(models.segmenter(path))
    without_denormals(net.nn).train().to(memory_format=torch.channels_last)
    _batch, channels, height, width = net.input
    page = torch.rand(1, channels, height or round(width * 1.41), width or round(height / 1.41))
    times = []
    for _turn in range(3):
        start = time.process_time()
        answer, _lengths = net.nn(page, None)
        answer = functional.interpolate(answer, size=page.shape[2:])
        loss = functional.binary_cross_entropy_with_logits(answer, torch.zeros_like(answer))
        loss.backward()  # type: ignore[no-untyped-call]
        times.append(time.process_time() - start)
    return min(times)


def table(sums: Table) -> str:
    """Return the sums as a table in Markdown."""
    rows = [
        "| segmenter | pages of | lines P | lines R | regions P | regions R | network s | all s |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, by_collection in sums.items():
        for collection, one in sorted(by_collection.items()):
            shares = [
                "–" if share is None else f"{share:.3f}"
                for counts in (one.scores.lines, one.scores.regions)
                for share in (counts.precision, counts.recall)
            ]
            seconds = [f"{total / one.pages:.2f}" for total in one.seconds]
            rows.append(f"| {' | '.join([name, collection or 'all', *shares, *seconds])} |")
    return "\n".join(rows)


def figures(sums: Table) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return the sums for programs."""
    return {
        name: {collection or "all": _figures(one) for collection, one in by_collection.items()}
        for name, by_collection in sums.items()
    }


def _figures(one: Sum) -> dict[str, float | None]:
    counts: dict[str, Counts] = {"lines": one.scores.lines, "regions": one.scores.regions}
    shares = {
        f"{name}_{share}": getattr(some, share)
        for name, some in counts.items()
        for share in ("precision", "recall", "f1")
    }
    network_s, layout_s = (total / one.pages for total in one.seconds)
    return {"pages": one.pages, **shares, "network_s": network_s, "layout_s": layout_s}


def main() -> None:
    """Print the table for the pages and models named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path, help="folder of ALTO or PAGE files with their images")
    parser.add_argument("models", type=Path, nargs="*", help="kraken model files")
    parser.add_argument("--limit", type=int, help="so many pages, at even distances")
    parser.add_argument("--regions", nargs="*", default=["MainZone", "Col_*", "TableZone"])
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--step", action="store_true", help="time a training step instead")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.step:
        for path in (None, *options.models):
            name = path or models.segmenter(None).name
            sys.stdout.write(f"{name}: {step_seconds(path):.1f} s of processor time a step\n")
        return
    pages, _left_out = read_pages([options.pages], LayoutSettings())
    if options.limit:
        pages = pages[:: max(1, len(pages) // options.limit)][: options.limit]
    segmenters = [load(None), *map(load, options.models)]
    sums = run(pages, segmenters, wording(options.regions))
    sys.stdout.write(table(sums) + "\n")
    if options.json:
        options.json.write_text(json.dumps(figures(sums), indent=1) + "\n")


if __name__ == "__main__":
    main()
