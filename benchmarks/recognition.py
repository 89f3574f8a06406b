"""Compare the speed and the text of htr's reader with those of kraken's, over the same lines.

    python benchmarks/recognition.py ../shared/corpora/test --threads 1 --rounds 3

Both read every line of a folder of ALTO files with their images, given the truth's layout, in one
process and by turns, kraken once for each batch size. Speeds are medians over the rounds, pages
already decoded; the text is compared with kraken's of batch size 1, white space folded, and the
character error rate is that of all lines.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import torch
from kraken.configs import RecognitionInferenceConfig
from kraken.containers import Segmentation
from kraken.lib.xml import XMLPage
from kraken.tasks import RecognitionTaskModel
from PIL import Image

from htr.api import read_page
from htr.document.metrics import EditCounts
from htr.document.page import Line
from htr.engine import EngineSpec, models
from htr.engine.kraken import KrakenEngine

Texts: TypeAlias = dict[tuple[int, str], str]


@dataclasses.dataclass(frozen=True)
class PageLines:
    """A decoded page with its lines as htr and as kraken have them."""

    image: Image.Image
    lines: tuple[Line, ...]
    layout: Segmentation


def load(folder: Path, limit: int | None) -> list[PageLines]:
    """Return the pages of a folder of ALTO files, at most `limit`."""
    pages = []
    for truth in sorted(folder.rglob("*.xml"))[:limit]:
        page = XMLPage(truth)
        with Image.open(truth.parent / Path(page.imagename).name) as image:
            plain = image if image.mode in ("1", "L", "RGB") else image.convert("RGB")
            lines = tuple(read_page(truth).lines)
            pages.append(PageLines(plain.copy(), lines, page.to_container()))
    return pages


def krakens(model: RecognitionTaskModel, batch: int, pages: Sequence[PageLines]) -> Texts:
    """Return kraken's text of all lines by page and id."""
    config = RecognitionInferenceConfig(
        accelerator="cpu", device=1, num_line_workers=0, batch_size=batch
    )
    return {
        (number, record.id): record.prediction
        for number, page in enumerate(pages)
        for record in model.predict(page.image, page.layout, config)
    }


def ours(engine: KrakenEngine, pages: Sequence[PageLines]) -> Texts:
    """Return htr's text of all lines by page and id."""
    return {
        (number, line.id): "".join(glyph.text for glyph in reading.glyphs)
        for number, page in enumerate(pages)
        for line, reading in zip(page.lines, engine.read(page.image, page.lines), strict=True)
    }


def cer(texts: Texts, pages: Sequence[PageLines]) -> float:
    """Return the character error rate of all lines against the truth, white space folded."""
    total = EditCounts()
    for number, page in enumerate(pages):
        for line in page.lines:
            total += edits(folded(line.text), folded(texts.get((number, line.id), "")))
    return total.rate or 0.0


def edits(truth: str, text: str) -> EditCounts:
    """Return the edits between two texts, counted by rapidfuzz."""
    from rapidfuzz.distance import Levenshtein

    operations = Levenshtein.editops(truth, text)
    kinds = [operation.tag for operation in operations]
    return EditCounts(
        kinds.count("replace"), kinds.count("insert"), kinds.count("delete"), len(truth)
    )


def folded(text: str) -> str:
    """Return text with runs of white space as one space."""
    return " ".join(text.split())


def timed(read: Callable[[], Texts]) -> tuple[float, Texts]:
    """Return how long reading took, in seconds, and the text."""
    start = time.perf_counter()
    texts = read()
    return time.perf_counter() - start, texts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, help="only the first pages")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 32], help="kraken's")
    parser.add_argument("--model", help="name or file; the default model if not given")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(arguments.threads)
    file = models.recogniser(arguments.model)
    engine = KrakenEngine(EngineSpec(file, models.segmenter(None), threads=arguments.threads))
    model = RecognitionTaskModel.load_model(file.path)
    pages = load(arguments.folder, arguments.pages)
    readers: dict[str, Callable[[], Texts]] = {
        f"kraken, batches of {batch}": lambda batch=batch: krakens(model, batch, pages)  # type: ignore[misc]
        for batch in arguments.batches
    }
    readers["htr"] = lambda: ours(engine, pages)
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    texts: dict[str, Texts] = {}
    for _round in range(arguments.rounds):
        for name, read in readers.items():
            elapsed, texts[name] = timed(read)
            seconds[name].append(elapsed)
    report(seconds, texts, texts.get("kraken, batches of 1") or krakens(model, 1, pages), pages)


def report(
    seconds: dict[str, list[float]],
    texts: dict[str, Texts],
    reference: Texts,
    pages: Sequence[PageLines],
) -> None:
    """Print each reader's speed, its lines equal to the reference and its error rate."""
    count = len(reference)
    fastest = min(statistics.median(times) for name, times in seconds.items() if name != "htr")
    for name, times in seconds.items():
        equal = sum(
            folded(text) == folded(texts[name].get(place, "")) for place, text in reference.items()
        )
        print(
            f"{name:24} {count / statistics.median(times):7.1f} lines/s, "
            f"{equal / count:8.3%} of {count} lines as kraken one by one, "
            f"CER {cer(texts[name], pages):.4%}"
        )
    ratio = fastest / statistics.median(seconds["htr"])
    print(f"htr reads {ratio:.2f} times as many lines a second as kraken at its best")


if __name__ == "__main__":
    main()
