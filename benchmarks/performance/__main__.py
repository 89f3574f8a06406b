"""Measure htr beside kraken, and write `docs/performance.md` and its French twin.

    python -m benchmarks.performance                      # everything, about two hours
    python -m benchmarks.performance --only layout --pages 2 --results trial.json
    python -m benchmarks.performance --render             # the documents alone

Run it from the project's root on a machine that does nothing else. Sections that are not measured
keep their last figures.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from . import floor, growth, layout, reading, render, results, whole

_SAMPLE = Path("corpora/sample/deliberations-1875.jpg")


def main() -> None:
    """Measure what is asked for, one section after the other, and write the documents."""
    arguments = _arguments()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    if not arguments.render:
        for name in arguments.only or SECTIONS:
            print(f"{name} ...", flush=True)
            figures = SECTIONS[name](arguments)
            part = "pages" if name == "layout" and arguments.share != (1, 1) else None
            results.save(name, figures, arguments.results, merge=part)
    render.write(results.load(arguments.results), arguments.docs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=SECTIONS, help="may be repeated")
    parser.add_argument("--render", action="store_true", help="measure nothing")
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpora/test"))
    parser.add_argument("--pages", type=int, default=20, help="chosen evenly from the corpus")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--share",
        type=_share,
        default=(1, 1),
        metavar="K/N",
        help="layouts of every Nth page, the others' figures stay",
    )
    parser.add_argument("--limit", type=float, default=600, help="seconds for kraken, by lines")
    parser.add_argument("--most", type=int, default=1000, help="small pages in a run")
    parser.add_argument("--results", type=Path, default=results.FILE)
    parser.add_argument("--docs", type=Path, default=render.DOCS)
    return parser.parse_args()


def _share(text: str) -> tuple[int, int]:
    part, parts = (int(number) for number in text.split("/"))
    if not 1 <= part <= parts:
        raise argparse.ArgumentTypeError(f"{text} is no share such as 1/2 or 2/2")
    return part, parts


SECTIONS: Mapping[str, Callable[[argparse.Namespace], results.Figures]] = {
    "machine": lambda _given: {},
    "whole": lambda given: whole.measure(given.corpus, given.pages, given.rounds),
    "jobs": lambda given: whole.measure_jobs(given.corpus, given.pages),
    "layout": lambda given: layout.measure(given.corpus, given.pages, given.share),
    "recognition": lambda given: reading.measure(given.corpus, given.pages, given.rounds),
    "lines": lambda given: growth.measure_lines(given.corpus, given.rounds, given.limit),
    "pages": lambda given: growth.measure_pages(_SAMPLE, given.rounds, given.most),
    "floor": lambda given: floor.measure(given.corpus, given.pages),
}

if __name__ == "__main__":
    main()
