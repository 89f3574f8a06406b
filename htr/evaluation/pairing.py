"""Which file is compared with which: pages of two folders, paired by name."""

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from htr.errors import InputError, NotFound, NothingToDo, NotReadable
from htr.formats import is_page
from htr.i18n import _


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pages by name: truth with its prediction or None, and the predictions without truth.

    A name is the path below the folder without its suffix, `/` as separator, in NFC.
    """

    pages: tuple[tuple[str, Path, Path | None], ...]
    extra: tuple[str, ...]


def pair(truth: Path, prediction: Path) -> Pairing:
    """Return the pages of two folders, or of two files, paired by name and sorted by it.

    Of a folder, all ALTO and PAGE files count, whatever its depth; other XML (METS, TEI), images
    and hidden files do not, nor does the other folder where it lies inside. Two files are a pair
    whatever their names; a file and a folder pair with the page of the file's name alone.

    Raises `NotFound`, `NotReadable`, `EmptyFile` and `BadXml` for what cannot be read,
    `InputError` where two files of a folder bear one name, and `NothingToDo` where nothing pairs.
    """
    wanted, found = _pages(truth, other=prediction), _pages(prediction, other=truth)
    if truth.is_file() and prediction.is_file():
        found = dict(zip(wanted, found.values(), strict=True))
    elif truth.is_file():
        found = {name: path for name, path in found.items() if name in wanted}
    elif prediction.is_file():
        wanted = {name: path for name, path in wanted.items() if name in found}
    if not wanted.keys() & found.keys():
        raise NothingToDo(
            _("No page of the truth has a prediction of the same name in {folder}.").format(
                folder=prediction
            ),
            path=truth,
            hint=_("Give two folders in which ALTO or PAGE files bear the same names."),
        )
    return Pairing(
        tuple((name, wanted[name], found.get(name)) for name in sorted(wanted)),
        tuple(sorted(found.keys() - wanted.keys())),
    )


def _pages(place: Path, other: Path) -> dict[str, Path]:
    """Return the pages of a folder by name; of a file, the file itself, whatever it holds."""
    if place.is_file():
        return {_name(place.relative_to(place.parent)): place}
    if not place.is_dir():
        raise NotFound(_("There is no such file or folder."), path=place, hint=_("Check the path."))
    pages: dict[str, Path] = {}
    for path in filter(_is_page, _xml_files(place, skip=other.resolve())):
        name = _name(path.relative_to(place))
        if name in pages:
            raise InputError(
                _("The page {name} is there twice, also as {other}.").format(
                    name=name, other=pages[name].name
                ),
                path=path,
                hint=_("Keep one of the two files."),
            )
        pages[name] = path
    return pages


def _name(path: Path) -> str:
    # Copies made on a Mac spell accents in file names apart from their letters.
    return unicodedata.normalize("NFC", path.with_suffix("").as_posix())


def _xml_files(folder: Path, skip: Path) -> list[Path]:
    files: list[Path] = []
    for at, folders, names in os.walk(folder, onerror=unreadable):
        root = Path(at)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (root / name).resolve() != skip
        )
        files += (
            root / name
            for name in sorted(names)
            if name.lower().endswith(".xml") and not name.startswith(".")
        )
    return files


def unreadable(error: OSError) -> NoReturn:
    """Raise the `NotReadable` that says which file the system does not let this user read."""
    raise NotReadable(
        _("The system does not let you read this ({reason}).").format(reason=error.strerror),
        path=error.filename,
        hint=_("Ask for the right to read it, or copy it to a folder of your own."),
    ) from error


def _is_page(path: Path) -> bool:
    try:
        return is_page(path)
    except OSError as error:
        unreadable(error)
