"""How fast a register becomes a PDF, in what memory, and how much of its text readers find.

    python -m benchmarks.pdf_export ../shared/corpora/test

The PDF is made twice as `htr export pdf` makes it, ALTO read, images unchanged, PDF/A checked; the
quicker time counts. Then, in a process of its own, one of 1,000 pages is made: the same pages over
and over, in folders of hard links. Needs poppler-utils and mupdf-tools.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from htr.exchange.pdf.document import PdfOptions, write_register
from htr.exchange.pdf.metadata import Metadata
from htr.exchange.register import PageFile, register
from htr.formats import write_alto

sys.path.append(str(Path(__file__).parents[1] / "tests" / "e2e"))
from pdf_readers import READERS

_PAGES = 1000
_OPTIONS = PdfOptions(Metadata(datetime(2026, 1, 1, tzinfo=UTC), "htr"))


def main() -> None:
    """Print the figures of docs/pdf.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    source = parser.parse_args().source
    files = register([source])
    with TemporaryDirectory(dir=Path.cwd(), prefix=".") as name:
        pdf = Path(name) / "register.pdf"
        seconds = min(_seconds(source, pdf) for _round in range(2))
        size = pdf.stat().st_size / 1e6
        print(f"{len(files)} pages, {size:.1f} MB: {len(files) / seconds:.1f} pages a second")
        for reader, share in _recovered(files, pdf).items():
            print(f"{reader}: {share:.2%} of lines whole")
        many = Path(name) / "many"
        _link(files, many)
        print(f"{_PAGES} pages: {_peak(many, pdf)} MB at most")


def _seconds(source: Path, pdf: Path) -> float:
    start = time.perf_counter()
    write_register(register([source]), pdf, _OPTIONS)
    return time.perf_counter() - start


def _recovered(files: Sequence[PageFile], pdf: Path) -> dict[str, float]:
    """Return the share of lines that stand whole in one line of what each reader gives."""
    truth = [[_plain(line.text) for line in file.read().lines if line.text] for file in files]
    shares = {}
    for name, reader in READERS.items():
        texts = ["\n".join(map(_plain, text.splitlines())) for text in reader(pdf)]
        found = [
            line.removesuffix("-") in text
            for lines, text in zip(truth, texts, strict=True)
            for line in lines
        ]
        shares[name] = sum(found) / len(found)
    return shares


def _plain(text: str) -> str:
    return " ".join(text.replace("¬", "-").split())


def _link(files: Sequence[PageFile], folder: Path) -> None:
    """Make a register of many pages: each an ALTO file with a hard link to its image beside it."""
    for number in range(_PAGES):
        file = files[number % len(files)]
        page = file.read()
        image = file.image(page)
        place = folder / str(number)
        place.mkdir(parents=True)
        os.link(image.resolve(), place / image.name)
        if page.image.name == image.name:
            os.link(file.path.resolve(), place / file.path.name)
        else:
            beside = replace(page, image=replace(page.image, name=image.name))
            (place / file.path.name).write_bytes(write_alto(beside))


def _peak(folder: Path, pdf: Path) -> int:
    """Return the megabytes that the command takes at most."""
    command = [sys.executable, "-m", "htr", "export", "pdf", str(folder), "-o", str(pdf), "-q"]
    subprocess.run(command, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


if __name__ == "__main__":
    main()
