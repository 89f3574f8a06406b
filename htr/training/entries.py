"""Where findings on a model are kept: in the index of shipped models, or beside one's own."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from htr.engine.calibration import Calibration
from htr.engine.models import LanguageUse, ModelFile, entry_path, index_path
from htr.errors import BrokenModel, OutputError
from htr.i18n import _
from htr.pipeline.files import write_whole


def store(model: ModelFile, calibration: Calibration) -> Path:
    """Write what a model's confidences are worth to its entry; see `store_table`."""
    return store_table(model, "calibration", calibration.as_table())


def store_language(model: ModelFile, use: LanguageUse) -> Path:
    """Write which language model a recogniser is read with to its entry; see `store_table`."""
    return store_table(model, "language", {"model": use.model, **asdict(use.weights)})


def store_table(model: ModelFile, name: str, known: Mapping[str, Any]) -> Path:
    """Write a table of what is known of a model to its entry, for every later run.

    All else that stands there stays as it is. Returns the file. Raises OutputError where it cannot
    be written, and BrokenModel where what is there is no TOML.
    """
    path = place(model)
    document = _read(path)
    shipped = path == index_path()
    entry = _shipped_entry(document, model) if shipped else document
    table = tomlkit.item({"sha256": model.sha256, **known})
    if not shipped:
        entry.setdefault("name", model.path.stem)
        entry.setdefault("file", model.path.name)
        entry["sha256"] = model.sha256
    entry.pop(name, None)
    entry[name] = table
    write_whole(path, _spaced(tomlkit.dumps(document)).encode("utf-8"))
    return path


def place(model: ModelFile) -> Path:
    """Return the file that holds a model's entry; raises OutputError if it may not be written."""
    index = index_path()
    path = index if model.path.parent == index.parent else entry_path(model.path)
    if path == index and not _own(index):
        raise OutputError(
            _("What is known of the shipped models may not be changed where htr is installed."),
            path=index,
            hint=_(
                "Copy the model file ({file}) to a folder of your own and calibrate it there."
            ).format(file=model.path),
        )
    return path


def _spaced(text: str) -> str:
    """Return TOML with an empty line before each table."""
    return re.sub(r"(?<=[^\n])\n(?=\[)", "\n\n", text)


def _own(index: Path) -> bool:
    """Say whether the index is that of a checkout, and not of an installed package."""
    return "site-packages" not in index.parts and os.access(index, os.W_OK)


def _read(path: Path) -> Any:
    try:
        return (
            tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        )
    except (OSError, ValueError, TOMLKitError) as error:
        raise BrokenModel(
            _("What this file says of the model beside it cannot be read ({reason}).").format(
                reason=error
            ),
            path=path,
            hint=_("Mend it, or move it away and run `htr calibrate` again."),
        ) from error


def _shipped_entry(document: Any, model: ModelFile) -> Any:
    return next(entry for entry in document["model"] if entry["file"] == model.path.name)
