"""JSON-LD as IIIF servers really send it: parsed, and its many shapes made one."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from htr.errors import BadManifest
from htr.formats.safe_xml import PathLike
from htr.i18n import _

Json: TypeAlias = dict[str, Any]


def parse_json(data: bytes, *, path: PathLike | None = None) -> Json:
    """Return the object that JSON bytes hold; raises BadManifest for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadManifest(
            _("The file is not JSON ({reason}).").format(reason=error),
            path=path,
            hint=_("Give the address of the manifest itself, not of the page that shows it."),
        ) from error
    if not isinstance(found, dict):
        raise BadManifest(
            _("The file is JSON, but holds no IIIF manifest or annotation page."),
            path=path,
            hint=_("Give the address of the manifest itself, not of the page that shows it."),
        )
    return found


def several(value: object) -> list[Any]:
    """Return a value that may be one thing or a list of them as a list; None is no thing."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def objects(value: object) -> list[Json]:
    """Return those of one or several things that are objects."""
    return [thing for thing in several(value) if isinstance(thing, dict)]


def name_of(value: object) -> str:
    """Return the URI of an object, or of the reference that stands for it; empty if none."""
    if isinstance(value, dict):
        value = value.get("id", value.get("@id"))
    return value if isinstance(value, str) else ""


def type_of(value: Json) -> str:
    """Return an object's type without its prefix (`sc:Manifest` is `Manifest`); empty if none."""
    kinds = several(value.get("type", value.get("@type")))
    return str(kinds[0]).rpartition(":")[2] if kinds else ""


def text_of(value: object) -> str | None:
    """Return the text of a label: a string, a language map (version 3), or `@value` (version 2)."""
    if isinstance(value, dict):
        value = value["@value"] if "@value" in value else next(iter(value.values()), None)
    found = several(value)
    first = found[0] if found else None
    if isinstance(first, dict):
        return text_of(first)
    return first if isinstance(first, str) and first.strip() else None


def length(value: object) -> int | None:
    """Return a width or height in whole units, or None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value) if 0 < value < 1e9 else None
