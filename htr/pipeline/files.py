"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from htr.errors import DiskFull, OutputError
from htr.i18n import _

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SUFFIX = ".htr-tmp"


def write_whole(path: Path, data: bytes) -> None:
    """Write bytes to a file so that no reader, and no crash, ever sees a part of them.

    They go to a temporary file beside the target, which is flushed to the disk and then renamed.
    Missing folders are made. Raises DiskFull where there is no room, OutputError for the rest.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise output_error(error, path) from error


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
