"""What the packages of a register share: the run over its pages, its images and their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar
from urllib.parse import quote

from htr.document.page import Page
from htr.errors import ConflictError, HtrError, NameClash, OutputError
from htr.exchange.folder import Outcome
from htr.exchange.register import PageFile
from htr.i18n import _
from htr.imaging.faults import opened
from htr.pipeline.files import write_whole

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Parts(Generic[Part]):
    """What became of a package's pages: how its table of contents names each, and the files."""

    parts: tuple[Part, ...]
    outcome: Outcome


def write_parts(
    files: Iterable[PageFile], write: Callable[[PageFile], tuple[Part, tuple[Path, ...]]]
) -> Parts[Part]:
    """Return what `write` returns for each page; one for which it raises HtrError is left out.

    Its error is in the outcome. Raises OutputError where nothing can be written, and NameClash as
    `write` does: all that follows would be in doubt too.
    """
    parts: list[Part] = []
    written: list[Path] = []
    failed: list[HtrError] = []
    for file in files:
        try:
            part, paths = write(file)
        except (OutputError, ConflictError):
            raise
        except HtrError as error:
            failed.append(error)
        else:
            parts.append(part)
            written.extend(paths)
    return Parts(tuple(parts), Outcome(tuple(written), tuple(failed)))


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


def write_copy(target: Path, data: bytes, *, again: bool) -> None:
    """Write an image into a package; raises NameClash where another one stands.

    `again` says that the package is made anew, and its images with it.
    """
    if not again and target.exists() and content(target) != data:
        raise NameClash(
            _("Another image stands here already, and an export does not overwrite it."),
            path=target,
            hint=_("Choose another place with -o."),
        )
    write_whole(target, data)


def content(path: Path) -> bytes:
    """Return a file's bytes; raises NotFound, NotReadable and EmptyFile."""
    with opened(path) as file:
        return file.read()
