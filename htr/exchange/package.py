"""What the packages of a register share: its images' names and addresses, and a guard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from htr.document.page import Page
from htr.errors import NameClash
from htr.exchange.register import PageFile
from htr.i18n import _
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


def keep_apart(files: Iterable[PageFile], folder: Path) -> None:
    """Raise NameClash if a page's own file lies in a folder to which an export writes."""
    folder = folder.resolve()
    for file in files:
        if file.path.resolve().is_relative_to(folder):
            raise NameClash(
                _("The export would write over this file: it lies in {folder}.").format(
                    folder=folder
                ),
                path=file.path,
                hint=_("Choose another folder with -o."),
            )
