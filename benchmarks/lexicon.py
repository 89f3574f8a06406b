"""What a list of names brings where it holds the names that are there, and where it holds others.

    python benchmarks/lexicon.py ../shared/corpora/lines/*.tar

Lines of the split `val` are read with the default recogniser and its language model: without a
list, with one of all capitalised words of three letters or more in their truth (what an archive
that knows its register would write), with one of those in the training lines (of which few are
there), and with both together. Prints the CER, and the share of those words of the truth that are
read right, somewhere in their line.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from htr.batch.runner import engine_spec
from htr.corpus.tars import read_tar
from htr.document.text import normalise
from htr.engine.calibration import UNCALIBRATED
from htr.engine.kraken import line_reader
from htr.settings import TranscribeSettings

_WORD = re.compile(r"[^\W\d_]+")


def names(texts: Iterable[str]) -> set[str]:
    """Return the capitalised words of three letters or more in texts."""
    words = (word for text in texts for word in _WORD.findall(text))
    return {word for word in words if len(word) > 2 and word[0].isupper()}


def main() -> None:
    """Read the lines four times and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tars", nargs="+", type=Path)
    arguments = parser.parse_args()
    lines = [line for tar in arguments.tars for line in read_tar(tar)]
    held_out = [line for line in lines if line.split == "val"]
    wanted = names(line.text for line in held_out)
    others = names(line.text for line in lines if line.split == "train")
    strips = [line.strip() for line in held_out]
    lists = {"none": set(), "right": wanted, "others": others, "both": wanted | others}
    print("| list | words in it | CER | names read right |")
    print("| --- | --- | --- | --- |")
    for label, words in lists.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "names.txt"
            path.write_text("\n".join(sorted(words)), encoding="utf-8")
            spec = engine_spec(TranscribeSettings(lexicon=str(path) if words else None))
            readings = line_reader(replace(spec, threads=2), UNCALIBRATED).read_strips(strips)
        errors = length = right = there = 0
        for line, reading in zip(held_out, readings, strict=True):
            truth, read = (normalise(t, "loose") for t in (line.text, "".join(reading.characters)))
            errors += Levenshtein.distance(read, truth)
            length += len(truth)
            here = [word for word in _WORD.findall(truth) if word in wanted]
            found = set(_WORD.findall(read))
            right += sum(word in found for word in here)
            there += len(here)
        print(
            f"| {label} | {len(words)} | {errors / length:.3f} | {right / there:.1%} |", flush=True
        )


if __name__ == "__main__":
    main()
