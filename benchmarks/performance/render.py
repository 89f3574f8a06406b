"""The documents: templates whose names in braces give way to the figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .results import Figures
from .summaries import summaries

HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
_LANGUAGES = {"en": "", "fr": ".fr"}
_UNKNOWN = "–"
_NAME = re.compile(r"\{([a-z]+)((?:\.[a-z_0-9]+)*)(?::([^{}]+))?\}")


def write(sections: Mapping[str, Figures], docs: Path = DOCS) -> None:
    """Write `performance.md` and `performance.fr.md` from the sections' results."""
    known = summaries(sections)
    for language, suffix in _LANGUAGES.items():
        template = (HERE / f"template{suffix}.md").read_text(encoding="utf-8")
        tried = (HERE / f"tried{suffix}.md").read_text(encoding="utf-8").strip()
        text = filled(template.replace("{tried}", tried), known, language)
        (docs / f"performance{suffix}.md").write_text(text, encoding="utf-8")


def filled(template: str, known: Mapping[str, Figures], language: str) -> str:
    """Return a template with `{section.name.name:format}` in place of figures.

    What was never measured is a dash. Raises KeyError for a name that its section does not have.
    """

    def figure(found: re.Match[str]) -> str:
        section, path, form = found.groups()
        if section not in known:
            return _UNKNOWN
        value: Any = known[section]
        for name in path.split(".")[1:]:
            if name[:1] == "n" and name[1:].isdecimal() and name not in value:
                return _UNKNOWN  # a size left out of a short run
            value = value[name]
        return written(value, form or "", language)

    return _NAME.sub(figure, template)


def written(value: Any, form: str, language: str) -> str:
    """Return a figure as the language writes numbers; texts stay as they are."""
    if value is None:
        return _UNKNOWN
    if isinstance(value, str):
        return value
    text = format(value, form)
    return text.translate({ord(","): "\u202f", ord("."): ","}) if language == "fr" else text
