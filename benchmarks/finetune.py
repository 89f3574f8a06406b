"""What ten corrected pages of a hand bring: CER on other pages of it, before and after.

    python benchmarks/finetune.py without-three-hands.mlmodel
    python benchmarks/finetune.py without-three-hands.mlmodel --hand peraire -- --no-curve

For each hand of benchmarks/hands.toml, `htr train` goes on from the given model, which must not
have seen the hands (models/recipes/without-three-hands.toml makes one), with ten pages, no longer
than `--minutes` in all. The other pages are then transcribed with their truth's layout by the
model before and after, and compared line by line, `--normalise loose`. Lines of the corpora's
other hands are read before and after, too: they tell what was forgotten.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from htr.api import evaluate
from htr.document.metrics import EditCounts
from htr.evaluation.bootstrap import rate_interval

HANDS = Path(__file__).with_name("hands.toml")
OTHERS = "val/fondue-fr-mss-18"


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand: its name, what it is, and its pages to learn from and to be read."""

    name: str
    en: str
    fr: str
    tune: tuple[str, ...]
    test: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a hand's pages brought: edits by page before and after, and the minutes it took."""

    hand: Hand
    lines: int
    before: tuple[EditCounts, ...]
    after: tuple[EditCounts, ...]
    others: tuple[float, float]
    minutes: float


def hands() -> list[Hand]:
    """Return the hands of hands.toml."""
    tables = tomllib.loads(HANDS.read_text(encoding="utf-8"))["hand"]
    return [
        Hand(**{**table, "tune": tuple(table["tune"]), "test": tuple(table["test"])})
        for table in tables
    ]


def measured(
    hand: Hand, base: Path, corpora: Path, folder: Path, arguments: Sequence[str]
) -> Result:
    """Train on a hand's ten pages and return how its other pages are read before and after."""
    tune = _gathered(corpora, hand.tune, folder / "tune")
    test = _gathered(corpora, hand.test, folder / "test")
    others = corpora / OTHERS
    model = folder / f"{hand.name}.mlmodel"
    start = time.monotonic()
    _htr("train", tune, "-o", model, "--from", base, "--normalise", "loose", "-q", *arguments)
    minutes = (time.monotonic() - start) / 60
    rates = {
        (place, tuned): _read(place, model if tuned else base, folder / f"{place.name}-{tuned}")
        for place in (test, others)
        for tuned in (False, True)
    }
    cer = [_cer(rates[others, tuned]) for tuned in (False, True)]
    lines = sum(len(list(_lines(path))) for path in sorted(tune.glob("*.xml")))
    return Result(hand, lines, rates[test, False], rates[test, True], (cer[0], cer[1]), minutes)


def _gathered(corpora: Path, names: Sequence[str], folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        for suffix in (".jpg", ".xml"):
            shutil.copy(corpora / (name + suffix), folder)
    return folder


def _lines(path: Path) -> Sequence[object]:
    from htr.api import read_page

    return [line for line in read_page(path).lines if line.text]


def _read(pages: Path, model: Path, output: Path) -> tuple[EditCounts, ...]:
    _htr("transcribe", pages, "--keep-layout", "-m", model, "-o", output, "-q")
    found = evaluate(pages, output, normalisation="loose")
    return tuple(page.scores.characters for page in found.pages)


def _htr(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "htr", *map(str, arguments)], check=True)


def _cer(pages: Sequence[EditCounts]) -> float:
    return sum(page.errors for page in pages) / sum(page.length for page in pages)


def table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table."""
    rows = [
        "| hand | lines | minutes | CER before | CER after | errors gone | other hands |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in results:
        before, after = _cer(one.before), _cer(one.after)
        rows.append(
            f"| {one.hand.en} ({one.hand.name}) | {one.lines} | {one.minutes:.1f} "
            f"| {before:.1%} | {after:.1%} {_interval(one.after)}"
            f"| {1 - after / before:.0%} | {one.others[0]:.1%} to {one.others[1]:.1%} |"
        )
    return "\n".join(rows)


def _interval(pages: Sequence[EditCounts]) -> str:
    found = rate_interval(pages)
    if found.low is None or found.high is None:
        return ""
    return f"({found.low:.1%} to {found.high:.1%}) "


def main() -> None:
    """Measure the hands one after the other and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", type=Path, help="a model that has not seen the hands")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--hand", action="append", help="may be repeated; all if not given")
    parser.add_argument("--minutes", type=float, default=15)
    own, rest = sys.argv[1:], []
    if "--" in own:
        own, rest = own[: own.index("--")], own[own.index("--") + 1 :]
    given = parser.parse_args(own)
    # The budget is for learning; reading pages and models and writing the report take some more.
    options = ("--time-budget", f"{given.minutes - 1:g}m", *rest)
    results = []
    for hand in hands():
        if given.hand and hand.name not in given.hand:
            continue
        with tempfile.TemporaryDirectory() as folder:
            results.append(measured(hand, given.base, given.corpora, Path(folder), options))
        print(table(results[-1:]), flush=True)
    print(table(results))


if __name__ == "__main__":
    main()
