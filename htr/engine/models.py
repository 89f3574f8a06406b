"""The models that ship with htr, and model files of one's own: found by name or path, checked."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from htr.engine.calibration import Calibration
from htr.errors import BrokenModel, UnknownModel
from htr.i18n import _
from htr.resources import data_folder


@dataclass(frozen=True, slots=True)
class LanguageWeights:
    """How much a language model counts beside a recogniser.

    Its probabilities are raised to the power of `weight`, and each letter gains `bonus`, in nats.
    The defaults suit recognisers in general.
    """

    weight: float = 0.5
    bonus: float = 1.0


DEFAULT_WEIGHTS = LanguageWeights()


@dataclass(frozen=True, slots=True)
class LanguageUse:
    """The shipped language model that a recogniser is read with, and what it counts."""

    model: str
    weights: LanguageWeights


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model's name, its file and the SHA-256 of its bytes in lower-case hexadecimal.

    `calibration` is what its confidences were found to be worth, if that was looked into, and
    `language` the language model that it is read with if none is named.
    """

    name: str
    path: Path
    sha256: str
    calibration: Calibration | None = None
    language: LanguageUse | None = None


FAKE = ModelFile("fake", Path("fake"), hashlib.sha256(b"fake").hexdigest())


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """What `models/index.toml` says of a shipped model; `size` in bytes, `summary` by language.

    `default` models are those that are taken where none is named, one for each task.
    """

    name: str
    file: str
    sha256: str
    size: int
    task: str
    script: str
    languages: tuple[str, ...]
    licence: str
    summary: dict[str, str]
    default: bool = False
    calibration: Calibration | None = None
    language: LanguageUse | None = None

    @property
    def path(self) -> Path:
        """The model's file."""
        return data_folder("models") / self.file

    def card_text(self, language: str) -> str:
        """Return the model card in Markdown, in French (`fr`) or else in English."""
        card = self.path.with_suffix(".fr.md" if language == "fr" else ".md")
        return card.read_text(encoding="utf-8")


def shipped() -> tuple[ModelEntry, ...]:
    """Return the models that ship with htr, as `models/index.toml` lists them."""
    return tuple(_entry(table) for table in _read(index_path())["model"])


def index_path() -> Path:
    """Return where the index of the shipped models lies."""
    return data_folder("models") / "index.toml"


def entry_path(model: Path) -> Path:
    """Return where what is known of a model file of one's own lies: beside it, `NAME.toml`."""
    return model.with_suffix(".toml")


def _entry(table: dict[str, Any]) -> ModelEntry:
    known = {**table, "languages": tuple(table["languages"])}
    return ModelEntry(**{**known, "calibration": _calibration(table), "language": _language(table)})


def _calibration(table: dict[str, Any]) -> Calibration | None:
    """Return the calibration in a model's entry, unless it is of other weights."""
    found = dict(table.get("calibration", {}))
    fits = found.pop("sha256", None) == table.get("sha256")
    return Calibration.from_table(found) if found and fits else None


def _language(table: dict[str, Any]) -> LanguageUse | None:
    """Return the language model in a model's entry, unless it was weighed for other weights."""
    found = dict(table.get("language", {}))
    fits = found.pop("sha256", None) == table.get("sha256")
    return LanguageUse(found.pop("model"), LanguageWeights(**found)) if found and fits else None


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def entry(name: str) -> ModelEntry:
    """Return the shipped model of that name; raises UnknownModel."""
    for candidate in shipped():
        if candidate.name == name:
            return candidate
    raise UnknownModel(
        _("There is no model named “{name}”.").format(name=name),
        hint=_("`htr models list` names those that ship with htr; a file is given by its path."),
    )


def recogniser(name: str | None) -> ModelFile:
    """Return the recogniser of that name or path, or the default one for None.

    Raises UnknownModel where there is none, and BrokenModel where a shipped file is not the one
    that the index names, or what lies beside a file of one's own is no entry.
    """
    if name is None:
        return _checked(next(one for one in shipped() if one.default and one.task == "recognition"))
    if os.sep in name or Path(name).suffix in (".mlmodel", ".safetensors") or Path(name).is_file():
        return from_file(Path(name))
    return _checked(entry(name))


def language_model(name: str) -> ModelFile:
    """Return the language model of that name or path; raises UnknownModel and BrokenModel."""
    if os.sep in name or Path(name).suffix == ".npz" or Path(name).is_file():
        return from_file(Path(name))
    found = entry(name)
    if found.task != "language":
        raise UnknownModel(
            _("“{name}” is no language model.").format(name=name),
            hint=_("`htr models list` says what each model is for."),
        )
    return _checked(found)


def segmenter(path: Path | None) -> ModelFile:
    """Return the segmenter in that file, or kraken's own default one for None."""
    if path is not None:
        return from_file(path)
    kraken = importlib.util.find_spec("kraken")
    folders = (kraken.submodule_search_locations if kraken else None) or [""]
    return from_file(Path(folders[0]) / "blla.mlmodel")


def from_file(path: Path) -> ModelFile:
    """Return the model in a file, with its hash and what lies beside it: see `entry_path`.

    Raises UnknownModel where the file cannot be read, and BrokenModel where its entry cannot.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnknownModel(
            _("This model file cannot be read ({reason}).").format(reason=error.strerror),
            path=path,
            hint=_("Check the path, or take a model that `htr models list` names."),
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    return ModelFile(path.name, path, digest, *_known_beside(path, digest))


def _known_beside(model: Path, digest: str) -> tuple[Calibration | None, LanguageUse | None]:
    path = entry_path(model)
    try:
        table = {**_read(path), "sha256": digest} if path.is_file() else {}
        return _calibration(table), _language(table)
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise BrokenModel(
            _("What this file says of the model beside it cannot be read ({reason}).").format(
                reason=error
            ),
            path=path,
            hint=_("Mend it, or move it away and run `htr calibrate` again."),
        ) from error


def _checked(model: ModelEntry) -> ModelFile:
    found = from_file(model.path)
    if found.sha256 != model.sha256:
        raise BrokenModel(
            _("This file is not the model “{name}” that htr ships.").format(name=model.name),
            path=model.path,
            hint=_("Install htr again, or give the file by its path if it is your own model."),
        )
    return ModelFile(model.name, model.path, found.sha256, model.calibration, model.language)
