"""What the packages of a register share: its images' names, addresses and bytes."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import quote

from htr.document.page import Page
from htr.exchange.register import PageFile
from htr.imaging.faults import opened


def image_name(file: PageFile, page: Page) -> str:
    """Return an image's name in the register: its own, in its page's folder (`1827/IMG_2.jpg`)."""
    return str(PurePosixPath(file.name).parent / PurePosixPath(page.image.name).name)


def image_address(base: str, name: str, *, safe: str = "/") -> str:
    """Return where an image is served: its name, escaped, below the base URL.

    `{name}` and `{stem}` (the name without its suffix) in the URL say where else it goes. `safe`
    are the reserved characters that are not escaped.
    """
    if "{name}" not in base and "{stem}" not in base:
        base = f"{base.rstrip('/')}/{{name}}"
    stem = str(PurePosixPath(name).with_suffix(""))
    return base.replace("{name}", quote(name, safe=safe)).replace("{stem}", quote(stem, safe=safe))


def content(path: Path) -> bytes:
    """Return a file's bytes; raises NotFound, NotReadable and EmptyFile."""
    with opened(path) as file:
        return file.read()
