"""Compare htr's text with that of kraken's own recogniser: same pages, same layout, same model.

    python benchmarks/same_as_kraken.py ../shared/corpora/test OUT

OUT holds what `htr transcribe ../shared/corpora/test -r --keep-layout --language-model none -o OUT`
wrote. Each page is read again by `kraken.tasks.RecognitionTaskModel`, from kraken's own reading of
the truth's ALTO, and lines are compared by their ids: as they stand, and with white space folded.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import warnings
from pathlib import Path

from kraken.configs import RecognitionInferenceConfig
from kraken.lib.xml import XMLPage
from kraken.tasks import RecognitionTaskModel
from PIL import Image

from htr.api import read_page
from htr.engine import models


@dataclasses.dataclass
class Counts:
    """Lines compared, and how many are equal as they stand and with white space folded."""

    lines: int = 0
    equal: int = 0
    folded: int = 0


def kraken_texts(model: RecognitionTaskModel, truth: Path) -> dict[str, str]:
    """Return kraken's text of each line of an ALTO file, by the line's id."""
    page = XMLPage(truth)
    config = RecognitionInferenceConfig(accelerator="cpu", device=1, num_line_workers=0)
    with Image.open(truth.parent / Path(page.imagename).name) as image:
        records = model.predict(image, page.to_container(), config)
        return {record.id: record.prediction for record in records}


def compare(truth: Path, ours: Path, model: RecognitionTaskModel, counts: Counts) -> None:
    """Add one page's lines to the counts and print those that differ."""
    theirs = kraken_texts(model, truth)
    for line in read_page(ours).lines:
        if line.id not in theirs:
            print(f"{truth.name} {line.id}: kraken has no such line")
            counts.lines += 1
            continue
        text = theirs[line.id]
        folded = line.text.split() == text.split()
        counts.lines += 1
        counts.equal += line.text == text
        counts.folded += folded
        if not folded:
            print(f"{truth.name} {line.id}\n  kraken {text!r}\n  htr    {line.text!r}")


def main() -> None:
    """Compare all pages and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("ours", type=Path)
    parser.add_argument("--model", help="name or file; the default model if not given")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    model = RecognitionTaskModel.load_model(models.recogniser(arguments.model).path)
    counts = Counts()
    for truth in sorted(arguments.truth.rglob("*.xml")):
        compare(truth, arguments.ours / truth.relative_to(arguments.truth), model, counts)
    print(
        f"{counts.lines} lines: {counts.equal / counts.lines:.2%} equal, "
        f"{counts.folded / counts.lines:.2%} with white space folded"
    )


if __name__ == "__main__":
    main()
