"""Settings from what a user gives: options of the command line, and recipes in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from htr.errors import SettingsError, UsageProblem
from htr.i18n import _

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Settings = TypeVar("Settings", bound=DataclassInstance)
else:
    Settings = TypeVar("Settings")


def settings(
    usual: Settings, task: str, given: Mapping[str, Any], recipe: Path | None = None
) -> Settings:
    """Return usual settings with what a recipe changes, and what options change after it.

    `given` holds the options that the user gave, by the names of the settings' fields. Raises
    UsageProblem for one that the task does not have, and SettingsError (see `from_recipe`).
    """
    start = usual if recipe is None else from_recipe(recipe, usual)
    unknown = sorted(given.keys() - {field.name for field in fields(usual)})
    if unknown:
        raise UsageProblem(
            _("With --task {task} there is no option for: {names}.").format(
                task=task, names=", ".join(unknown)
            ),
            hint=_("Leave it out; `htr train --help` says what each option is for."),
        )
    return replace(start, **given)


def from_recipe(path: Path, usual: Settings) -> Settings:
    """Return usual settings with what a recipe changes: TOML with a key a field.

    Paths are as they stand, relative to where the command is run. Raises SettingsError for what
    cannot be read, an unknown key, or a value of the wrong kind.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            _("The recipe cannot be read ({reason}).").format(reason=error),
            path=path,
            hint=_("Give a TOML file such as those in models/recipes."),
        ) from error
    kinds = get_type_hints(type(usual))
    for key in table.keys() - kinds.keys():
        raise SettingsError(
            _("“{key}” is not a setting.").format(key=key),
            path=path,
            hint=_("Known are: {names}.").format(names=", ".join(sorted(kinds))),
        )
    for key, value in table.items():
        if not _is_of(value, kinds[key]):
            raise SettingsError(
                _("“{key}” has a value of the wrong kind: {value!r}.").format(key=key, value=value),
                path=path,
                hint=_("`htr train --help` says what each option takes."),
            )
    changes = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    return replace(usual, **changes)


def _is_of(value: Any, kind: Any) -> bool:
    """Say whether a value of TOML is of a field's type; a whole number is a number, too."""
    origin = get_origin(kind)
    if origin is UnionType:
        return any(_is_of(value, one) for one in get_args(kind) if one is not type(None))
    if origin is Literal:
        return value in get_args(kind)
    if origin is tuple:
        return isinstance(value, list) and all(_is_of(one, get_args(kind)[0]) for one in value)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool) == isinstance(value, bool)
