"""What the user names becomes files in natural order: folders, files and lists of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from htr.document.text import natural
from htr.errors import HtrError, InputError, NotFound, NothingToDo, NotReadable
from htr.formats import is_page
from htr.i18n import _
from htr.imaging.source import IMAGE_SUFFIXES, PDF_SUFFIXES


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to transcribe, the folders below its input folder, and what is wrong with it if so."""

    path: Path
    folder: PurePath
    error: HtrError | None = None


def expand(
    inputs: Sequence[str], *, recursive: bool, with_xml: bool, without: Path | None = None
) -> list[Entry]:
    """Return the files of inputs, in the inputs' order and naturally ordered in each folder.

    An input is a file, a folder (its images and PDFs, and with `with_xml` its XML files; `without`
    is left out, and so are hidden files), or `@list.txt`: a file with a path a line, relative to
    its own folder, `#` before remarks. Raises NotFound, NotReadable for what was named itself, and
    NothingToDo where no file comes of it; what is wrong further down becomes an entry's error.
    """
    entries: list[Entry] = []
    for name in inputs:
        if name.startswith("@"):
            entries.extend(_listed(Path(name[1:])))
        elif Path(name).is_dir():
            if not os.access(name, os.R_OK | os.X_OK):
                raise _closed(Path(name))
            entries.extend(_folder(Path(name), recursive, with_xml, without))
        elif Path(name).exists():
            entries.append(Entry(Path(name), PurePath()))
        else:
            raise NotFound(
                _("There is no such file or folder."), path=name, hint=_("Check the path.")
            )
    if not entries:
        hint = (
            _("Images (JPEG, PNG, WebP, TIFF, JPEG 2000) and PDF files are taken.")
            if recursive
            else _("For folders within folders, add -r.")
        )
        raise NothingToDo(_("No page was found here."), path=" ".join(inputs), hint=hint)
    return entries


def _closed(folder: Path) -> NotReadable:
    return NotReadable(
        _("This folder may not be opened."),
        path=folder,
        hint=_("Ask for the right to read it, or copy it to a folder of your own."),
    )


def _listed(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        message, hint = _("There is no such list."), _("Check the path.")
        raise NotFound(message, path=path, hint=hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            _("This list cannot be read ({reason}).").format(reason=error),
            path=path,
            hint=_("A list is a text file in UTF-8 with a path a line."),
        ) from error
    for line in lines:
        if line.strip() and not line.startswith("#"):
            yield Entry(path.parent / line.strip(), PurePath())


def _folder(top: Path, recursive: bool, with_xml: bool, without: Path | None) -> Iterator[Entry]:
    suffixes = IMAGE_SUFFIXES | PDF_SUFFIXES | ({".xml"} if with_xml else set())
    failures: list[OSError] = []
    for folder, below, names in os.walk(top, onerror=failures.append):
        here = Path(folder)
        below[:] = (
            sorted(
                (name for name in below if not _hidden(name) and not _same(here / name, without)),
                key=natural,
            )
            if recursive
            else []
        )
        for name in sorted(names, key=natural):
            if not _hidden(name) and Path(name).suffix.lower() in suffixes:
                if name.lower().endswith(".xml") and not _may_be_page(here / name):
                    continue
                yield Entry(here / name, here.relative_to(top))
    for failure in failures:
        closed = Path(failure.filename or top)
        yield Entry(closed, PurePath(), _closed(closed))


def _may_be_page(path: Path) -> bool:
    """Whether an XML file is a page's, or so broken that it must be reported; not METS or EAD."""
    try:
        return is_page(path)
    except (OSError, InputError):
        return True


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _same(folder: Path, other: Path | None) -> bool:
    return other is not None and folder.resolve() == other.resolve()
