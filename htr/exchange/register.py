"""A register as it is exported: its ALTO files in order, each read when its turn comes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from htr.document.page import Page
from htr.document.text import natural
from htr.errors import InputError, NameClash, NotFound, NothingToDo, NotReadable
from htr.formats import is_page, read_file
from htr.i18n import _


@dataclass(frozen=True, slots=True)
class PageFile:
    """An ALTO (or PAGE) file and its name in the register: `1827/p2` for `SOURCE/1827/p2.xml`."""

    path: Path
    name: str

    def read(self, *, letters: bool = True) -> Page:
        """Return the page, without what ALTO says of each letter if so asked; raises InputError."""
        return read_file(self.path, letters=letters)

    def read_from(self, folder: Path) -> Page:
        """Return the page with its image named as seen from a folder; raises InputError.

        An image that is not there keeps the name that the page's file gives it.
        """
        page = self.read()
        image = self._place(page)
        if image is None:
            return page
        name = Path(os.path.relpath(image.resolve(), folder.resolve())).as_posix()
        return replace(page, image=replace(page.image, name=name))

    def image(self, page: Page) -> Path:
        """Return where the page's image lies; raises NotFound if it is not there."""
        path = self._place(page)
        if path is not None:
            return path
        raise NotFound(
            _("The image {name} of this page is not there.").format(name=page.image.name),
            path=self.path,
            hint=_("Put the image where the file says, relative to it, or transcribe it again."),
        )

    def _place(self, page: Page) -> Path | None:
        path = self.path.parent / page.image.name
        try:
            return path if page.image.name and path.is_file() else None
        except OSError:  # the name is longer than any file's, or its folder is closed
            return None


def register(sources: Sequence[Path]) -> tuple[PageFile, ...]:
    """Return the pages below folders, and files that are named themselves, as people count them.

    Folders within folders are taken, hidden ones not; XML that is neither ALTO nor PAGE (METS,
    EAD) is left out unless it is named; a file that is named twice comes once. Raises NotFound,
    NotReadable, NothingToDo, and NameClash where two pages have one name; XML so broken that it
    could be a page is taken for one, and reading it says what is wrong.
    """
    found = [file for source in sources for file in _below(source)]
    if not found:
        raise NothingToDo(
            _("No ALTO file was found here."),
            path=" ".join(map(str, sources)),
            hint=_("Name the folder that `htr transcribe` wrote to."),
        )
    places: dict[str, Path] = {}
    for file in found:
        other = places.setdefault(file.name, file.path)
        if other != file.path:
            raise NameClash(
                _("This page has the same name as {other}.").format(other=other),
                path=file.path,
                hint=_("Rename one of them, or export them apart."),
            )
    return tuple(PageFile(path, name) for name, path in places.items())


def _below(source: Path) -> Iterator[PageFile]:
    if not source.is_dir():
        if not source.exists():
            raise NotFound(
                _("There is no such file or folder."), path=source, hint=_("Check the path.")
            )
        yield PageFile(source, source.stem)
        return
    for folder, below, names in os.walk(source, onerror=closed):
        below[:] = sorted((name for name in below if not name.startswith(".")), key=natural)
        here = Path(folder)
        for name in sorted(names, key=natural):
            path = here / name
            if not name.startswith(".") and path.suffix.lower() == ".xml" and _is_page(path):
                place = PurePosixPath(here.relative_to(source).as_posix()) / path.stem
                yield PageFile(path, str(place))


def _is_page(path: Path) -> bool:
    try:
        return is_page(path)
    except InputError:
        return True  # reading it will say what is wrong with it


def closed(error: OSError) -> None:
    """Raise NotReadable for a folder that `os.walk` cannot list."""
    raise NotReadable(
        _("This folder may not be opened."),
        path=error.filename,
        hint=_("Ask for the right to read it, or copy it to a folder of your own."),
    ) from error
