"""What each section's figures come to: medians, means and ratios, by name, for the documents.

A ratio above 1 is to htr's credit: kraken takes so many times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean, median

from .results import Figures

_STAGES = ("load", "layout", "recognition", "write")
_NIGHT = 12 * 3600  # seconds
_PROCESSORS = 4


def summaries(sections: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return by section what was measured, when, and on which machine."""
    return {
        name: {
            "date": section["date"],
            "machine": section["machine"],
            **_SUMMARIES[name](section["figures"]),
        }
        for name, section in sections.items()
        if name in _SUMMARIES
    }


def _whole(figures: Figures) -> Figures:
    rounds = figures["rounds"]
    names = ("pages_a_minute", "cpu_seconds_a_page", "peak_mb")
    summary: Figures = {"pages": figures["pages"], "rounds": len(rounds)}
    for tool in ("kraken", "htr2", "htr1"):
        summary[tool] = {name: median(r[tool][name] for r in rounds) for name in names}
    for tool in ("htr2", "htr1"):
        log = [page for r in rounds for page in r[tool]["log"]]
        stages = {stage: median(page["seconds"][stage] for page in log) for stage in _STAGES}
        at_work = fmean(sum(page["seconds"][stage] for stage in _STAGES) for page in log)
        summary[tool] |= {
            "ratio": {
                "pages_a_minute": _ratio(rounds, tool, "kraken", "pages_a_minute"),
                "cpu_seconds_a_page": _ratio(rounds, "kraken", tool, "cpu_seconds_a_page"),
                "peak_mb": _ratio(rounds, "kraken", tool, "peak_mb"),
            },
            "stages": stages,
            "at_work": at_work,
            "lines_a_second": sum(page["lines"] for page in log)
            / sum(page["seconds"]["recognition"] for page in log),
        }
    summary["start"] = median(_besides(r["htr1"]) for r in rounds)
    summary["night"] = round(_PROCESSORS * _NIGHT / summary["htr2"]["at_work"], -3)
    return summary


def _jobs(figures: Figures) -> Figures:
    rates = {number: fmean(each) for number, each in figures["rates"].items()}
    return {
        "pages": figures["pages"],
        "htr2": figures["htr2"]["pages_a_minute"],
        "htr1": figures["htr1"]["pages_a_minute"],
        "ratio": figures["htr2"]["pages_a_minute"] / figures["htr1"]["pages_a_minute"],
        "products": 2 * rates["2"] / rates["1"],
        "peak_mb": figures["htr2"]["peak_mb"],
    }


def _ratio(rounds: Sequence[Figures], above: str, below: str, name: str) -> float:
    return median(float(r[above][name] / r[below][name]) for r in rounds)


def _besides(run: Figures) -> float:
    """Return how long a run with one page at a time took besides its pages, in seconds."""
    at_work = sum(page["seconds"][stage] for page in run["log"] for stage in _STAGES)
    return float(run["seconds"] - at_work)


def _layout(figures: Figures) -> Figures:
    pages = list(figures["pages"].values())
    ious = [iou for page in pages for iou in page["ious"]]
    summary: Figures = {
        "pages": len(pages),
        "equal": sum(page["htr"]["lines"] == page["kraken"]["lines"] for page in pages),
        "iou": fmean(ious) if ious else None,
        "matched": len(ious),
    }
    for tool in ("kraken", "kraken_flushed", "htr"):
        timed = [
            (page[tool]["seconds"], page["htr"]["seconds"])
            for page in pages
            if page[tool]["seconds"] is not None
        ]
        seconds = [taken for taken, _ours in timed]
        summary[tool] = {
            "pages": len(timed),
            "mean": fmean(seconds),
            "median": median(seconds),
            "ratio": fmean(seconds) / fmean(ours for _taken, ours in timed),
            "median_ratio": median(taken / ours for taken, ours in timed),
        }
    for tool in ("kraken", "htr"):
        summary[tool]["lines"] = sum(page[tool]["lines"] for page in pages)
        for name in ("precision", "recall", "tau"):
            summary[tool][name] = _mean(page[tool][name] for page in pages)
    return summary


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _recognition(figures: Figures) -> Figures:
    lines, seconds = figures["lines"], figures["seconds"]
    summary: Figures = {
        name: {
            "lines_a_second": lines / median(times),
            "ratio": median(
                theirs / ours for theirs, ours in zip(times, seconds[_ours(name)], strict=True)
            ),
            "cer": 100 * figures["cer"][name],
            "equal": 100 * figures["equal"][name] / lines,
        }
        for name, times in seconds.items()
    }
    for best, suffix in (("best", ""), ("best_all", "_all")):
        batches = (name for name in seconds if name.endswith("_all") == bool(suffix))
        fastest = max(
            (name for name in batches if name != "htr" + suffix),
            key=lambda name: summary[name]["lines_a_second"],
        )
        summary[best] = summary[fastest]
    return summary | {"pages": figures["pages"], "lines": lines, "rounds": len(seconds["htr"])}


def _ours(name: str) -> str:
    """Return the name of htr's figure that one of kraken's is to be compared with."""
    return "htr_all" if name.endswith("_all") else "htr"


def _lines(figures: Figures) -> Figures:
    summary: Figures = {"limit": figures["limit"]}
    for size, measured in figures["sizes"].items():
        layout, kraken, limit = median(measured["layout"]), measured["kraken"], figures["limit"]
        summary["n" + size] = {
            "found": measured["found"],
            "layout": layout,
            "recognition": median(measured["recognition"]),
            "kraken_found": kraken and kraken["found"],
            "kraken": kraken["seconds"] if kraken else f"> {limit:.0f}",
            "ratio": kraken["seconds"] / layout if kraken else f"> {limit / layout:.0f}",
        }
        summary["rounds"] = len(measured["layout"])
    return summary


def _pages(figures: Figures) -> Figures:
    summary: Figures = {}
    for size, runs in figures["sizes"].items():
        summary["n" + size] = {
            "pages_a_minute": median(run["pages_a_minute"] for run in runs),
            "cpu_seconds_a_page": median(run["cpu_seconds_a_page"] for run in runs),
            "peak_mb": median(run["peak_mb"] for run in runs),
            "runs": len(runs),
        }
        summary["peaks_mb"] = {"n" + at: peak for at, peak in runs[-1]["peaks_mb"].items()}
    return summary


def _floor(figures: Figures) -> Figures:
    pages, rate = figures["pages"], figures["rate"]
    layout = [page["layout_operations"] / rate for page in pages]
    reading = [page["recognition_operations"] / rate for page in pages]
    whole = [page["layout"] + page["recognition"] for page in pages]
    return {
        "pages": len(pages),
        "gigaflops": rate / 1e9,
        "layout": _beside(layout, [page["layout"] for page in pages]),
        "network": _beside(layout, [page["network"] for page in pages]),
        "recognition": _beside(reading, [page["recognition"] for page in pages]),
        "page": _beside([a + b for a, b in zip(layout, reading, strict=True)], whole),
    }


def _beside(floor: Sequence[float], seconds: Sequence[float]) -> Figures:
    ratios = [taken / least for taken, least in zip(seconds, floor, strict=True)]
    return {"floor": median(floor), "seconds": median(seconds), "ratio": median(ratios)}


def _machine(_figures: Figures) -> Figures:
    return {}


_SUMMARIES: Mapping[str, Callable[[Figures], Figures]] = {
    "machine": _machine,
    "whole": _whole,
    "jobs": _jobs,
    "layout": _layout,
    "recognition": _recognition,
    "lines": _lines,
    "pages": _pages,
    "floor": _floor,
}
