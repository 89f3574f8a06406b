"""How often the true CER of pages and registers lies in the interval that is foretold for it.

    python benchmarks/coverage.py --fit ../shared/corpora/val --test ../shared/corpora/test

The estimate is fitted on the pages of `--fit`, and covers a page if the page's CER (edits by
characters of the truth, `loose` normalisation, lines as the truth has them) lies in its 90 %
interval. First each collection of `--fit` is foretold by a fit without it, then `--test` by a fit
on all of `--fit`. A register is here all pages of a collection.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from htr.batch.runner import engine_spec
from htr.document.metrics import EditCounts
from htr.document.page_error import Estimate, of_page, of_register
from htr.engine.calibration import Calibration
from htr.settings import TranscribeSettings
from htr.training.calibrate import fit, folds, held_out
from htr.training.line_readings import ReadLine, edits, network_doubt, readings

ROW = "{:<30}{:>6}{:>9}{:>9}{:>8}{:>9}{:>9}  {}"


@dataclass(frozen=True)
class Foretold:
    """A page's estimate and its true edits."""

    collection: str
    estimate: Estimate
    truth: EditCounts
    calibration: Calibration


def foretold(read: Sequence[ReadLine], calibration: Calibration) -> list[Foretold]:
    """Return the estimates of the pages of lines."""
    pages: dict[tuple[str, str], list[ReadLine]] = {}
    for one in read:
        pages.setdefault(one.page, []).append(one)
    assert calibration.pages is not None, "too few pages to fit on"
    found = []
    for (collection, _name), lines in pages.items():
        read_lines = [one.calibrated(calibration) for one in lines]
        estimate = of_page(read_lines, calibration.pages, network_doubt(lines))
        if estimate is not None:
            truth = EditCounts(edits(lines), 0, 0, sum(len(one.line.text) for one in lines))
            found.append(Foretold(collection, estimate, truth, calibration))
    return found


def covers(estimate: Estimate, truth: EditCounts) -> bool:
    """Say whether the true rate lies in an estimate's interval."""
    return estimate.low <= (truth.rate or 0.0) <= estimate.high


def report(title: str, pages: Sequence[Foretold]) -> None:
    """Print coverage by collection and over all."""
    heading = ("pages", "covered", "", "factor", "CER", "expected", "register: 90 % interval")
    print(ROW.format(title, *heading))
    for name in sorted({page.collection for page in pages}):
        row(name, [page for page in pages if page.collection == name])
    row("all", pages, register=False)


def row(name: str, pages: Sequence[Foretold], *, register: bool = True) -> None:
    """Print how often pages are covered, how wide their intervals are, and their register's."""
    covered = sum(covers(page.estimate, page.truth) for page in pages)
    factor = median((page.estimate.high / max(page.estimate.cer, 1e-9)) for page in pages)
    truth = sum((page.truth for page in pages), EditCounts())
    rule = pages[0].calibration.pages
    assert rule is not None
    whole = of_register([page.estimate for page in pages], rule)
    assert whole is not None
    verdict = "covers" if covers(whole, truth) else "misses"
    print(
        ROW.format(
            name,
            len(pages),
            covered,
            f"{covered / len(pages):.0%}",
            f"{factor:.2f}",
            f"{truth.rate or 0:.1%}",
            f"{whole.cer:.1%}",
            f"{whole.low:.1%} to {whole.high:.1%} {verdict}" if register else "",
        )
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fit", type=Path, nargs="+", required=True)
    parser.add_argument("--test", type=Path, nargs="+", required=True)
    parser.add_argument("--model", help="name or file; the default model if not given")
    parser.add_argument("--language-model", help="name, file or none; the model's own if not given")
    arguments = parser.parse_args()
    spec = engine_spec(
        TranscribeSettings(model=arguments.model, language_model=arguments.language_model)
    )
    found = readings(spec, held_out(arguments.fit))
    begin = Calibration(temperature=found.temperature)
    left_out = [
        page for part, rest in folds(found.read) for page in foretold(part, fit(rest, begin))
    ]
    report("left out of the fit", left_out)
    print()
    test = readings(spec, held_out(arguments.test), found.temperature)
    report("test", foretold(test.read, fit(found.read, begin)))


if __name__ == "__main__":
    main()
