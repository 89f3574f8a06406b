"""Settings of the commands: frozen values, their defaults, and `htr.toml` that changes defaults."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from htr.errors import SettingsError
from htr.i18n import _

FILE_NAME = "htr.toml"
_BYTES_A_PAGE = 2 * 2**30


def default_jobs() -> int:
    """Return how many pages to work on at a time: one a processor, as far as memory allows.

    A page takes up to 1.5 GB.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(os.cpu_count() or 1, memory // _BYTES_A_PAGE))


@dataclass(frozen=True, slots=True)
class TranscribeSettings:
    """How pages are transcribed; `None` for a model means the one that ships.

    `dpi` is that at which PDF pages without an image of their own are drawn, `max_pixels` the
    largest image that is opened, `page_timeout` the seconds after which a page is given up, and
    `direction` the principal direction of the text. `exact_layout` asks for kraken's own
    steps in finding lines, slower by far. `language_model` is one that ships or a file, `none`
    for reading without, None for the one that the recogniser comes with; `lexicon` is a file of
    names, and `alternatives` how many other readings of each word are kept.
    """

    recursive: bool = False
    keep_layout: bool = False
    model: str | None = None
    segmenter: str | None = None
    language_model: str | None = None
    lexicon: str | None = None
    alternatives: int = 0
    device: str = "cpu"
    direction: Literal["ltr", "rtl"] = "ltr"
    exact_layout: bool = False
    jobs: int = 1
    dpi: int = 300
    max_pixels: int = 200_000_000
    page_timeout: float = 900.0
    force: bool = False
    overwrite_corrections: bool = False


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Return the defaults that a settings file gives, by command; none where there is no file.

    The file is TOML with a table a command, e.g. `[transcribe]` with `jobs = 2`. Raises
    SettingsError for an unknown table or key, a value of the wrong kind, and for bad TOML.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            _("The settings cannot be read ({reason}).").format(reason=error),
            path=path,
            hint=_("Mend the file, or move it away to go on with the defaults."),
        ) from error
    for name, table in tables.items():
        if name != "transcribe" or not isinstance(table, dict):
            raise _unknown(path, f"[{name}]", ["[transcribe]"])
        _check(path, table)
    return tables


def _check(path: Path, table: dict[str, Any]) -> None:
    kinds = {field.name: str(field.type) for field in fields(TranscribeSettings)}
    for key, value in table.items():
        if key not in kinds:
            raise _unknown(path, key, sorted(kinds))
        kind = kinds[key]
        right = (
            isinstance(value, bool)
            if kind == "bool"
            else isinstance(value, int | float) and not isinstance(value, bool)
            if kind in ("int", "float")
            else isinstance(value, str)
        )
        if not right:
            raise SettingsError(
                _("“{key}” has a value of the wrong kind: {value!r}.").format(key=key, value=value),
                path=path,
                hint=_("`htr transcribe --help` says what each option takes."),
            )


def _unknown(path: Path, key: str, known: list[str]) -> SettingsError:
    return SettingsError(
        _("“{key}” is not a setting.").format(key=key),
        path=path,
        hint=_("Known are: {names}.").format(names=", ".join(known)),
    )
