"""A report laid out as HTML, with nothing outside the file."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from htr.training.report.view import View

_TYPES = ((b"\x89PNG", "image/png"), (b"RIFF", "image/webp"), (b"\xff\xd8", "image/jpeg"))
_BEFORE = re.compile(r"(?<=\S) (?=[%:;?!»×])")
_AFTER = re.compile(r"(?<=«) ")


def render(view: View) -> str:
    """Return a report as HTML."""
    return _environment().get_template("report.html").render(view=view)


def data_uri(picture: bytes) -> str:
    """Return an image file (PNG, WebP or JPEG) as a `data:` address (RFC 2397)."""
    kind = next((kind for start, kind in _TYPES if picture.startswith(start)), "image/png")
    return f"data:{kind};base64,{b64encode(picture).decode('ascii')}"


def unbroken(text: str) -> str:
    """Return text whose numbers stay with their signs, and French signs with their words."""
    return _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("htr.training.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data_uri": data_uri, "unbroken": unbroken}
    return environment
