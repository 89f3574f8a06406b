"""Recipes for segmenters: TOML files with a key a setting."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from htr.errors import SettingsError
from htr.i18n import _
from htr.training.layout.settings import LayoutSettings

_UNSET: Mapping[str, type | tuple[type, ...]] = {  # what is None if it is not set
    "base": str,
    "spec": str,
    "minutes": (int, float),
    "learning_rate": (int, float),
    "threads": int,
}


def from_recipe(path: Path) -> LayoutSettings:
    """Return the settings that a recipe gives, paths as they stand.

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
    return replace(
        LayoutSettings(), **{key: _value(path, key, value) for key, value in table.items()}
    )


def _value(path: Path, key: str, value: Any) -> Any:
    usual = LayoutSettings()
    known = sorted(field.name for field in fields(usual))
    if key not in known:
        raise SettingsError(
            _("“{key}” is not a setting.").format(key=key),
            path=path,
            hint=_("Known are: {names}.").format(names=", ".join(known)),
        )
    default = getattr(usual, key)
    if isinstance(default, tuple) and isinstance(value, list):
        return tuple(map(str, value))
    number = (int, float) if isinstance(default, float) else type(default)
    wanted = _UNSET.get(key, number)
    if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(default, bool):
        raise SettingsError(
            _("“{key}” has a value of the wrong kind: {value!r}.").format(key=key, value=value),
            path=path,
            hint=_("`htr train --help` says what each option takes."),
        )
    return value
