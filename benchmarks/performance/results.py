"""The file of results: each section's figures with the day and the machine of their measuring."""

from __future__ import annotations

import fcntl
import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

Figures: TypeAlias = dict[str, Any]

FILE = Path(__file__).with_name("results.json")


def load(path: Path = FILE) -> dict[str, Figures]:
    """Return all sections by name: their `date`, `machine` and `figures`."""
    if not path.exists() or not path.stat().st_size:
        return {}
    sections: dict[str, Figures] = json.loads(path.read_text(encoding="utf-8"))
    return sections


def save(section: str, figures: Figures, path: Path = FILE, *, merge: str | None = None) -> None:
    """Put a section's figures into the file in place of its last; the others stay.

    `merge` names a figure whose entries join those that are there, where several processes
    measure parts of one section.
    """
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        sections = load(path)
        if merge is not None and section in sections:
            before = sections[section]["figures"].get(merge, {})
            figures = {**figures, merge: {**before, **figures[merge]}}
        today = datetime.now(UTC).date().isoformat()
        sections[section] = {"date": today, "machine": machine(), "figures": figures}
        file.truncate(0)
        json.dump(sections, file, indent=1, ensure_ascii=False)
        file.write("\n")


def machine() -> Figures:
    """Return what the figures depend on: processor, memory and versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gb": round(memory / 2**30),
        "python": platform.python_version(),
        "torch": version("torch"),
        "kraken": version("kraken"),
        "htr": version("htr"),
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
