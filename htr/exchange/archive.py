"""Where imported files lie: a folder, or a zip whose entries are checked before any is read."""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast

from htr.document.text import natural
from htr.errors import DamagedArchive, LockedArchive, NotFound, UnsafeArchive
from htr.exchange.register import closed
from htr.i18n import _
from htr.imaging.faults import opened

_MOST_ENTRIES = 200_000
_MOST_RATIO = 200  # ALTO packs about 30 to 1, deflate can do 1,032 to 1
_SMALL = 16 * 2**20  # bytes: what so little unpacks to does no harm at any ratio
_LONGEST_NAME = 200  # bytes of a part of a path, which leaves room for a suffix
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Container(Protocol):
    """A set of files with names relative to it, `/` between their parts."""

    @property
    def path(self) -> Path:
        """The folder or the zip."""

    def names(self) -> list[PurePosixPath]:
        """Return the names of all files as people count them, hidden ones left out."""

    def has(self, name: PurePosixPath) -> bool:
        """Say whether there is such a file in it."""

    def open(self, name: PurePosixPath) -> BinaryIO:
        """Open a file to read its bytes; raises NotFound and the like where it cannot be."""

    def label(self, name: PurePosixPath) -> str:
        """Return how errors name a file."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below a folder, and not below `without`, if that is a folder within it."""

    path: Path
    without: Path | None = None

    def names(self) -> list[PurePosixPath]:
        """Return the names of all files, those of folders within it too."""
        own = None if self.without == self.path.resolve() else self.without
        found = []
        for folder, below, names in os.walk(self.path, onerror=closed):
            here = Path(folder)
            below[:] = [name for name in below if (here / name).resolve() != own]
            found += [here.relative_to(self.path) / name for name in names]
        return _in_order(PurePosixPath(name.as_posix()) for name in found)

    def has(self, name: PurePosixPath) -> bool:
        """Say whether there is such a file."""
        return is_inside(str(name)) and (self.path / name).is_file()

    def open(self, name: PurePosixPath) -> BinaryIO:
        """Open a file."""
        _check_is_in(self, name)
        with opened(self.path / name):  # says what is wrong with it, if anything
            return (self.path / name).open("rb")

    def label(self, name: PurePosixPath) -> str:
        """Return a file's path."""
        return str(self.path / name)


@dataclass(frozen=True, slots=True)
class Archive:
    """The entries of an open zip that are files."""

    path: Path
    entries: Mapping[PurePosixPath, zipfile.ZipInfo]
    file: zipfile.ZipFile

    def names(self) -> list[PurePosixPath]:
        """Return the names of all entries."""
        return _in_order(self.entries)

    def has(self, name: PurePosixPath) -> bool:
        """Say whether there is such an entry."""
        return name in self.entries

    def open(self, name: PurePosixPath) -> BinaryIO:
        """Open an entry; reading gives no more bytes than it declares, and checks its CRC."""
        _check_is_in(self, name)
        with damaged(self.label(name)):
            return cast("BinaryIO", self.file.open(self.entries[name]))

    def label(self, name: PurePosixPath) -> str:
        """Return the archive's path and, as if it were a folder, the entry's name in it."""
        return f"{self.path}/{name}"


def _check_is_in(container: Container, name: PurePosixPath) -> None:
    if not container.has(name):
        raise NotFound(
            _("There is no such file."), path=container.label(name), hint=_("Check the path.")
        )


@contextmanager
def archive(path: Path) -> Iterator[Archive]:
    """Open a zip and check all entries' names, kinds and sizes; nothing is unpacked yet.

    Raises NotFound and the like, DamagedArchive, LockedArchive, and UnsafeArchive for an entry that
    is absolute, leaves the folder, is a link, has another's name, or declares far more bytes than
    it is packed in.
    """
    with opened(path) as stream:
        with damaged(str(path)):
            file = zipfile.ZipFile(stream)
        with file:
            yield Archive(path, _checked(file.infolist(), path, path.stat().st_size), file)


@contextmanager
def damaged(label: str) -> Iterator[None]:
    """Turn what reading a zip raises on bad bytes into DamagedArchive with that path."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise DamagedArchive(
            _("The zip archive is cut off or corrupt ({reason}).").format(reason=error),
            path=label,
            hint=_("Download or export it again, or unpack it yourself and import the folder."),
        ) from error


def common_folder(names: Iterable[PurePosixPath]) -> PurePosixPath:
    """Return the deepest folder that holds all names: what a zip wraps its files in."""
    parents = [name.parent.parts for name in names]
    shared = []
    for parts in zip(*parents, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return PurePosixPath(*shared)


def _in_order(names: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    return sorted(
        (name for name in names if not _is_hidden(name)),
        key=lambda name: [natural(part) for part in name.parts],
    )


def _checked(
    infos: list[zipfile.ZipInfo], path: Path, packed: int
) -> dict[PurePosixPath, zipfile.ZipInfo]:
    if len(infos) > _MOST_ENTRIES:
        raise _unsafe(path, _("it has {n} entries").format(n=len(infos)))
    seen: set[str] = set()
    entries = {}
    for info in infos:
        _check(info, path)
        name = PurePosixPath(*_parts(info.filename))
        if info.is_dir():
            continue
        if str(name).casefold() in seen:
            raise _unsafe(path, _("two entries have the name {name}").format(name=_shown(name)))
        seen.add(str(name).casefold())
        entries[name] = info
    # Entries can share their packed bytes, so their sum is held against the archive's own size.
    if _is_bomb(sum(info.file_size for info in infos), packed):
        raise _unsafe(path, _("it would unpack to far more than archives hold"))
    return entries


def _check(info: zipfile.ZipInfo, path: Path) -> None:
    name = info.orig_filename
    if info.flag_bits & 0x1:
        raise LockedArchive(
            _("The zip archive is locked with a password."),
            path=path,
            hint=_("Unpack it with the password and import the folder."),
        )
    if not is_inside(name):
        reason = _("the entry {name} leaves its folder")
    elif any(len(part.encode(errors="replace")) > _LONGEST_NAME for part in _parts(name)):
        reason = _("the name {name} is too long")
    elif stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        reason = _("the entry {name} is a link")
    elif _is_bomb(info.file_size, info.compress_size):
        reason = _("the entry {name} would unpack to far more than archives hold")
    else:
        return
    raise _unsafe(path, reason.format(name=_shown(name)))


def is_inside(name: str) -> bool:
    """Say whether a relative path by `/` or `\\` stays in its folder, on any system."""
    parts = _parts(name)
    return bool(
        name
        and not name.startswith(("/", "\\"))
        and ".." not in parts
        and not _DRIVE.match(name)
        and not _CONTROL.search(name)
        and any(part not in ("", ".") for part in parts)
    )


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")


def _is_bomb(size: int, packed: int) -> bool:
    return size > _SMALL and size > _MOST_RATIO * max(packed, 1)


def _is_hidden(name: PurePosixPath) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.parts)


def _shown(name: object) -> str:
    return "“" + "".join(c if c.isprintable() else "\ufffd" for c in str(name)[:80]) + "”"


def _unsafe(path: Path, reason: str) -> UnsafeArchive:
    return UnsafeArchive(
        _("This zip archive is not safe to open: {reason}.").format(reason=reason),
        path=path,
        hint=_("Nothing was imported. Ask for the archive again from where it came from."),
    )
