"""A Page as JSON and back, losing nothing: every field of the model under its own name.

{"format": "htr-page", "version": 1, "page": {"id": ..., "image": {...}, "regions": [...], ...}}

Objects are named as in `htr.document.page` and `htr.document.geometry`, with their fields; a field
that is unknown (None) is left out, and so are `alternatives` where there are none. Points are
`[x, y]`, in pixels from the upright image's top left; confidences are from 0 to 1. Words and lines
carry their `text` besides, for convenience: it is that of their glyphs and words, and is not read.
"""

from __future__ import annotations

import functools
import json
from dataclasses import fields, is_dataclass
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, get_args, get_origin, get_type_hints

from htr.document.page import Line, Page, Word
from htr.errors import InputError
from htr.formats.safe_xml import PathLike
from htr.i18n import _

VERSION = 1
_FORMAT = "htr-page"


def write_json(page: Page) -> bytes:
    """Return a page as JSON in UTF-8, on one line, that `read_json` makes the same page of."""
    document = {"format": _FORMAT, "version": VERSION, "page": _plain(page)}
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Halves of surrogate pairs, which UTF-8 has not, become `\ud800`, as JSON writes them.
    return (text + "\n").encode("utf-8", errors="backslashreplace")


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if not is_dataclass(value):
        return value
    known = {field.name: getattr(value, field.name) for field in fields(value)}
    text = {"text": value.text} if isinstance(value, Line | Word) else {}
    return text | {
        name: _plain(part)
        for name, part in known.items()
        if part is not None and (name, part) != ("alternatives", ())
    }


def read_json(data: bytes, *, path: PathLike | None = None) -> Page:
    """Return the page in a JSON file that `write_json` wrote; raises InputError for any other."""
    try:
        document = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _bad(_("it is not JSON: {reason}").format(reason=error), path) from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise _bad(_('it does not say "format": "{name}"').format(name=_FORMAT), path)
    if document.get("version") != VERSION:
        raise _bad(_("its version is not {number}").format(number=VERSION), path)
    try:
        page = _typed(document.get("page"), Page, "page")
    except _Wrong as error:
        raise _bad(_("{place} is missing or wrong").format(place=error), path) from None
    assert isinstance(page, Page)
    return page


def _bad(reason: str, path: PathLike | None) -> InputError:
    return InputError(
        _("This is no page in JSON: {reason}.").format(reason=reason),
        path=path,
        hint=_("Export it again with `htr export json`."),
    )


class _Wrong(Exception):
    """Where a value is not of its type."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _typed(value: object, kind: Any, place: str) -> object:
    """Return what JSON holds as a value of a type of the model's; raises _Wrong with its place."""
    if is_dataclass(kind):
        return _object(value, kind, place)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and isinstance(value, list):
        many = arguments[-1] is Ellipsis
        kinds = arguments[:1] * len(value) if many else arguments
        if len(kinds) == len(value):
            return tuple(
                _typed(part, each, f"{place}[{number}]")
                for number, (part, each) in enumerate(zip(value, kinds, strict=True))
            )
    elif origin is UnionType:
        (known,) = (each for each in arguments if each is not NoneType)
        return None if value is None else _typed(value, known, place)
    elif origin is Literal and value in arguments and isinstance(value, str):
        return value
    elif kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, place)
    elif type(value) is kind:
        return value
    raise _Wrong(place)


def _number(value: float, place: str) -> float:
    try:
        number = float(value)
    except OverflowError:
        raise _Wrong(place) from None
    if not isfinite(number):
        raise _Wrong(place)
    return number


def _object(value: object, kind: Any, place: str) -> object:
    if not isinstance(value, dict):
        raise _Wrong(place)
    known = {
        name: _typed(value[name], each, f"{place}.{name}")
        for name, each in _types(kind).items()
        if name in value
    }
    try:
        return kind(**known)
    except TypeError:  # a field that has no default is not there
        raise _Wrong(place) from None


@functools.cache
def _types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
