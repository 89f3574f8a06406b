"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from htr.errors import DiskFull, FolderInUse, OutputError
from htr.i18n import _

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SUFFIX = ".htr-tmp"


def write_whole(path: Path, data: bytes) -> None:
    """Write bytes to a file so that no reader, and no crash, ever sees a part of them.

    Missing folders are made. Raises DiskFull where there is no room, OutputError for the rest.
    """
    with whole(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give the path of a temporary file beside the target, which it becomes when the block ends.

    For what is too large to hold: the block writes the file there. It is then flushed to the disk
    and renamed; if the block raises, it goes. Missing folders are made. OSErrors of the block
    become DiskFull where there is no room, OutputError for the rest.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            with temporary.open("r+b") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise output_error(error, path) from error


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold an output folder, made if need be, so that no second run writes there.

    The lock is the system's own on the folder (flock), so it goes when the process goes. Raises
    OutputError where no folder can be made, and FolderInUse.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise OutputError(
            _("This is a file, so no results can go into it."),
            path=folder,
            hint=_("Name a folder with -o."),
        ) from error
    except OSError as error:
        raise output_error(error, folder) from error
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise FolderInUse(
            _("Another run of htr is writing to this folder."),
            path=folder,
            hint=_("Wait for it to end, or choose another folder with -o."),
        ) from error
    except OSError:
        return  # a file system without locks: the user sees to it


def output_error(error: OSError, path: Path) -> OutputError:
    """Return the error for people that says why nothing could be written at a path."""
    if error.errno in _FULL:
        return DiskFull(
            _("The disk is full; this file was not written."),
            path=path,
            hint=_("Make room and run the same command again: finished pages are kept."),
        )
    return OutputError(
        _("This cannot be written ({reason}).").format(reason=error.strerror or error),
        path=path,
        hint=_("Choose an output folder where you may write."),
    )


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that a killed run left in a folder, if there is such a folder."""
    for leftover in folder.glob(f".*{_SUFFIX}"):
        leftover.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
