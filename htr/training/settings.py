"""How a recogniser is trained: the options of `htr train`, and recipes that set them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from htr.document.text import Normalisation
from htr.errors import SettingsError
from htr.i18n import _

SCRATCH = "none"


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """What to learn and for how long.

    `base` is a model's name or file, None for the default one, or `none` for a new network of
    `spec` (VGSL without its output; None for the usual one). `held_out` is the share of the
    characters that progress is measured on, by `split`; None for a tenth, or three pages of ten
    or more if that is more: fewer say too little. The training ends after `passes` over the
    lines or `minutes` of work, or when the held-out CER has not fallen for `patience` measurements.
    `keep` are pages or tars of other hands that the model should go on reading; `mix` are other
    lines to learn from, `mix_share` of all. With `curve`, smaller trainings tell what more lines
    would bring. `left_out` are marks of lines that do not count. With `fixed_alphabet`, lines
    with characters that the base does not know are left out; `without` are patterns (`*`, `?`) of
    pages that are left out, as `collection/page`.
    """

    base: str | None = None
    spec: str | None = None
    all_lines: bool = False
    normalisation: Normalisation = "nfc"
    left_out: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fixed_alphabet: bool = False
    split: Literal["auto", "page", "document", "hand"] = "auto"
    held_out: float | None = None
    passes: int = 60
    minutes: float | None = None
    patience: int = 12
    learning_rate: float = 1e-3
    batch_pixels: int = 8_000
    keep: tuple[str, ...] = ()
    mix: tuple[str, ...] = ()
    mix_share: float = 0.3
    curve: bool = True
    seed: int = 0
    device: str = "cpu"
    threads: int | None = None
    resume: bool = False


def from_recipe(path: Path, settings: TrainSettings | None = None) -> TrainSettings:
    """Return settings with what a recipe changes: TOML with a key a field, paths as they stand.

    Raises SettingsError for what cannot be read, an unknown key, or a value of the wrong kind.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            _("The recipe cannot be read ({reason}).").format(reason=error),
            path=path,
            hint=_("Give a TOML file such as those in models/recipes."),
        ) from error
    defaults = settings or TrainSettings()
    known = {field.name: getattr(defaults, field.name) for field in fields(TrainSettings)}
    return replace(
        defaults, **{key: _value(path, key, value, known) for key, value in table.items()}
    )


def _value(path: Path, key: str, value: Any, known: dict[str, Any]) -> Any:
    if key not in known:
        raise SettingsError(
            _("“{key}” is not a setting.").format(key=key),
            path=path,
            hint=_("Known are: {names}.").format(names=", ".join(sorted(known))),
        )
    default = getattr(TrainSettings(), key)
    if isinstance(default, tuple) and isinstance(value, list):
        return tuple(map(str, value))
    wanted: Any = {
        "minutes": (int, float),
        "held_out": (int, float),
        "threads": int,
        "base": str,
        "spec": str,
    }.get(key, (int, float) if isinstance(default, float) else type(default))
    if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(default, bool):
        raise SettingsError(
            _("“{key}” has a value of the wrong kind: {value!r}.").format(key=key, value=value),
            path=path,
            hint=_("`htr train --help` says what each option takes."),
        )
    return value
