"""Bytes to a Page and back, one module a format; from here ALTO and PAGE are read, ALTO written."""

from __future__ import annotations

from pathlib import Path

from htr.document.page import Page
from htr.errors import BadXml, NotFound, NotReadable
from htr.formats.alto_reader import read_alto
from htr.formats.alto_writer import AltoVersion, write_alto
from htr.formats.header import Header, is_page, read_header
from htr.formats.page_reader import read_page
from htr.formats.safe_xml import PathLike, local_name, parse
from htr.i18n import _

__all__ = ["AltoVersion", "Header", "is_page", "read", "read_file", "read_header", "write_alto"]


def read(
    data: bytes,
    *,
    path: PathLike | None = None,
    image_size: tuple[int, int] | None = None,
    letters: bool = True,
) -> Page:
    """Return the page that an ALTO (1 to 4) or PAGE (2010 to 2024) file describes, in pixels.

    `path` names the file in errors. `image_size`, width and height in pixels, is needed only for
    ALTO that counts in mm10 or inch1200. Without `letters`, boxes and confidences of ALTO's letters
    are left out, which is quicker. Raises UnsafeXml for a DOCTYPE, and BadXml for anything
    else that is not such a file.
    """
    root = parse(data, path=path)
    match local_name(root):
        case "alto":
            return read_alto(root, path=path, image_size=image_size, letters=letters)
        case "PcGts":
            return read_page(root, path=path)
    raise BadXml(
        _("The file is XML, but its root element, on line {line}, is <{name}>.").format(
            line=root.sourceline, name=local_name(root)
        ),
        path=path,
        hint=_("ALTO begins with <alto>, PAGE with <PcGts>: export the page in one of them."),
    )


def read_file(
    path: Path, *, image_size: tuple[int, int] | None = None, letters: bool = True
) -> Page:
    """Return the page in a file; see `read`. Raises NotFound and NotReadable too."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(_("There is no such file."), path=path, hint=_("Check the path.")) from error
    except OSError as error:
        raise NotReadable(
            _("This file cannot be read ({reason}).").format(reason=error.strerror),
            path=path,
            hint=_("Check the path and your right to read it."),
        ) from error
    return read(data, path=path, image_size=image_size, letters=letters)
