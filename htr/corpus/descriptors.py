"""Descriptors of public corpora, in the form of HTR-United's catalogue, with the place of the data.

The form is https://htr-united.github.io/schema/2022-04-15/schema.json in YAML; ours are
`description-fr` and the table `archive`, with the `url` of a zip, its `sha256` in hexadecimal and
its `size` in bytes, the latter two if known.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from htr.errors import InputError, NotFound
from htr.i18n import _, language
from htr.imaging.faults import opened
from htr.resources import data_folder


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A corpus: what it is, who made it, under which licence, and where its archive lies.

    `description` is in the user's language if there is one. `period` is the first and the last
    year, `volume` counts by what is counted (`lines`, `pages`).
    """

    name: str
    title: str
    url: str
    authors: tuple[str, ...]
    description: str
    licence: str
    licence_url: str
    period: tuple[str, str]
    volume: tuple[tuple[str, int], ...]
    archive: str
    sha256: str | None = None
    size: int | None = None


def known() -> tuple[Descriptor, ...]:
    """Return the descriptors that ship with htr, by name."""
    return tuple(map(read_descriptor, sorted(data_folder("descriptors").glob("*.yml"))))


def descriptor(name: str) -> Descriptor:
    """Return the descriptor of that name, or in a YAML file; raises NotFound and InputError."""
    if name.endswith((".yml", ".yaml")):
        return read_descriptor(Path(name))
    for one in known():
        if one.name == name.lower():
            return one
    raise NotFound(
        _("htr knows no corpus of the name “{name}”.").format(name=name),
        hint=_("`htr corpus fetch` alone lists those that it knows; a descriptor can be a file."),
    )


def read_descriptor(path: Path) -> Descriptor:
    """Return the descriptor in a file; raises NotFound and the like, and InputError."""
    with opened(path) as file:
        data = file.read()
    try:
        return _made(path.stem, yaml.safe_load(data))
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            _("This is not the descriptor of a corpus ({reason}).").format(reason=reason),
            path=path,
            hint=_(
                "It is a record of HTR-United's catalogue, in YAML, with an `archive` whose `url` "
                "is that of a zip."
            ),
        ) from error


def _made(name: str, record: Any) -> Descriptor:
    # The catalogue has one licence as a mapping, or several in a list.
    licences = record["license"] if isinstance(record["license"], list) else [record["license"]]
    archive, time = record["archive"], record.get("time") or {}
    return Descriptor(
        name,
        str(record["title"]).strip(),
        str(record["url"]),
        tuple(
            f"{author.get('name') or ''} {author['surname']}".strip()
            for author in record.get("authors") or ()
        ),
        str(record.get(f"description-{language()}") or record.get("description") or "").strip(),
        ", ".join(str(one["name"]) for one in licences),
        ", ".join(str(one["url"]) for one in licences if one.get("url")),
        (str(time.get("notBefore") or "?"), str(time.get("notAfter") or "?")),
        tuple((str(one["metric"]), int(one["count"])) for one in record.get("volume") or ()),
        str(archive["url"]),
        str(archive["sha256"]).lower() if archive.get("sha256") else None,
        int(archive["size"]) if archive.get("size") else None,
    )
