"""What the language model takes away of the errors, and what it costs in time.

    python benchmarks/language_model.py ../shared/corpora/test

Every page of a folder of ALTO files with their images is read twice by turns, given the truth's
layout: without the model that the recogniser comes with, and with it. Prints the CER by collection
(sub-folder; texts normalised as `loose` says), the words that are wrong, and the seconds that
recognition took, wall clock and of all threads, cutting lines out of the page included.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from PIL import Image
from rapidfuzz.distance import Levenshtein

from htr.api import read_page
from htr.batch.runner import engine_spec
from htr.document.page import Line
from htr.document.text import normalise
from htr.engine.calibration import UNCALIBRATED
from htr.engine.kraken import line_reader
from htr.engine.reading import LineReader
from htr.settings import TranscribeSettings


@dataclass
class Measured:
    """Errors and lengths in characters and words by collection, and seconds, of one reader."""

    letters: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    words: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lengths: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wall: float = 0.0
    cpu: float = 0.0

    def read(
        self, reader: LineReader, image: Image.Image, lines: Sequence[Line], name: str
    ) -> None:
        """Read the lines of a page of a collection, and add what came of it."""
        wall, cpu = time.perf_counter(), time.process_time()
        readings = reader.read(image, lines)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        for line, reading in zip(lines, readings, strict=True):
            truth = normalise(line.text, "loose")
            text = normalise("".join(glyph.text for glyph in reading.glyphs), "loose")
            self.letters[name] += Levenshtein.distance(text, truth)
            self.words[name] += Levenshtein.distance(text.split(), truth.split())
            self.lengths[name][0] += len(truth)
            self.lengths[name][1] += len(truth.split())

    def rates(self, names: Sequence[str]) -> tuple[float, float]:
        """Return CER and WER of collections together."""
        letters, words = (sum(self.lengths[name][unit] for name in names) for unit in (0, 1))
        return (
            sum(self.letters[name] for name in names) / max(1, letters),
            sum(self.words[name] for name in names) / max(1, words),
        )


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", help="the recogniser; the default one if not given")
    parser.add_argument("--language-model", help="the recogniser's own if not given")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="only each such page")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    spec = engine_spec(
        TranscribeSettings(model=arguments.model, language_model=arguments.language_model)
    )
    readers = [line_reader(one, UNCALIBRATED) for one in (replace(spec, language=None), spec)]
    found = [Measured(), Measured()]
    pages = sorted(arguments.folder.rglob("*.xml"))[:: arguments.every]
    for number, path in enumerate(pages):
        page = read_page(path)
        lines = [line for line in page.lines if line.text]
        with Image.open(path.parent / page.image.name) as opened:
            image = opened.convert("RGB")
        for which in (0, 1) if number % 2 else (1, 0):
            found[which].read(readers[which], image, lines, path.parent.name)
    show(found, len(pages))


def show(found: Sequence[Measured], pages: int) -> None:
    """Print what was measured without and with the model."""
    plain, helped = found
    names = sorted(plain.lengths)
    print("| collection | CER without | CER with | errors taken away | WER without | WER with |")
    print("| --- | --- | --- | --- | --- | --- |")
    for label, some in (("all", names), *((name, [name]) for name in names)):
        (cer, wer), (less, fewer) = plain.rates(some), helped.rates(some)
        gain = 1 - less / cer if cer else 0.0
        print(f"| {label} | {cer:.3f} | {less:.3f} | {gain:.0%} | {wer:.3f} | {fewer:.3f} |")
    print()
    print(f"{pages} pages, recognition without / with, in seconds:")
    print(f"wall clock {plain.wall:.1f} / {helped.wall:.1f}: {helped.wall / plain.wall - 1:+.0%}")
    print(f"all threads {plain.cpu:.1f} / {helped.cpu:.1f}: {helped.cpu / plain.cpu - 1:+.0%}")


if __name__ == "__main__":
    main()
