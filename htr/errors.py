"""Errors that name the file and the remedy, and the exit code that each of them means."""

from __future__ import annotations

import os
from enum import IntEnum


class ExitCode(IntEnum):
    """What the command's exit status says (docs/errors.md)."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    INPUT = 3
    MODEL = 4
    OUTPUT = 5
    MISSING_EXTRA = 6
    CONFLICT = 7
    PAGES_FAILED = 8
    INTERRUPTED = 130


class HtrError(Exception):
    """An error for people: what happened, to which file, and what to do next.

    Survives pickling, so that it crosses process borders unharmed. Subclasses set `exit_code` and
    `cause`, the short stable name under which the run log and the summary count it, and take the
    same arguments.
    """

    exit_code = ExitCode.UNEXPECTED
    cause = "unexpected"

    def __init__(
        self, message: str, *, path: str | os.PathLike[str] | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = None if path is None else os.fspath(path)
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.path, self.hint)

    def __str__(self) -> str:
        head = self.message if self.path is None else f"{self.path}: {self.message}"
        return head if self.hint is None else f"{head} {self.hint}"


def _rebuild(kind: type[HtrError], message: str, path: str | None, hint: str | None) -> HtrError:
    return kind(message, path=path, hint=hint)


class UsageProblem(HtrError):
    """The command was asked for something that makes no sense."""

    exit_code = ExitCode.USAGE
    cause = "usage"


class SettingsError(UsageProblem):
    """`htr.toml` cannot be read, or holds an unknown key or a value of the wrong kind."""

    cause = "settings"


class InputError(HtrError):
    """Something that was given to read cannot be read."""

    exit_code = ExitCode.INPUT
    cause = "input"


class NotFound(InputError):
    """The input does not exist."""

    cause = "not-found"


class NotReadable(InputError):
    """The input exists, but the system does not let this user read it."""

    cause = "not-readable"


class EmptyFile(InputError):
    """The file has no bytes: a copy or a transfer that broke off."""

    cause = "empty-file"


class NotAnImage(InputError):
    """The file is not an image of a kind that is read, whatever its name says."""

    cause = "not-an-image"


class DamagedImage(InputError):
    """The image begins well and breaks off, or its data are corrupt."""

    cause = "damaged-image"


class ImageTooLarge(InputError):
    """The image has more pixels than `--max-pixels` allows."""

    cause = "image-too-large"


class DamagedPdf(InputError):
    """The PDF, or one page of it, cannot be opened."""

    cause = "damaged-pdf"


class LockedPdf(InputError):
    """The PDF asks for a password."""

    cause = "locked-pdf"


class BadXml(InputError):
    """The XML is not well-formed, or is neither ALTO nor PAGE, or breaks their rules."""

    cause = "bad-xml"


class UnsafeXml(BadXml):
    """The XML declares entities or a DTD, as attacks do and archives' files do not."""

    cause = "unsafe-xml"


class BadManifest(InputError):
    """The file is not an IIIF manifest or annotation page, or breaks their rules."""

    cause = "bad-manifest"


class DamagedArchive(InputError):
    """The zip is cut off or corrupt, or packed in a way that is not read."""

    cause = "damaged-archive"


class UnsafeArchive(InputError):
    """The zip holds entries that would leave its folder, or unpack to far more than they are."""

    cause = "unsafe-archive"


class LockedArchive(InputError):
    """The zip asks for a password."""

    cause = "locked-archive"


class DownloadFailed(InputError):
    """A server did not give what was asked for, however often it was tried."""

    cause = "download"


class RefusedAddress(DownloadFailed):
    """The address is not one of the public web: another scheme, or a host in a private network."""

    cause = "refused-address"


class NothingToDo(InputError):
    """No page was found in what was given."""

    cause = "nothing-to-do"


class ModelError(HtrError):
    """A model cannot be used."""

    exit_code = ExitCode.MODEL
    cause = "model"


class UnknownModel(ModelError):
    """There is no model of that name, nor a file of that path."""

    cause = "unknown-model"


class BrokenModel(ModelError):
    """The model file cannot be loaded, does another job, or is not what its index names."""

    cause = "broken-model"


class DeviceError(ModelError):
    """The device that was asked for is not there."""

    cause = "device"


class OutputError(HtrError):
    """A result cannot be written."""

    exit_code = ExitCode.OUTPUT
    cause = "output"


class DiskFull(OutputError):
    """There is no room left where the results go; the run stops, since every page would fail."""

    cause = "disk-full"


class MissingExtra(HtrError):
    """An optional part of htr is not installed."""

    exit_code = ExitCode.MISSING_EXTRA
    cause = "missing-extra"


class ConflictError(HtrError):
    """Two things want the same place."""

    exit_code = ExitCode.CONFLICT
    cause = "conflict"


class NameClash(ConflictError):
    """Two inputs would be written to one output file."""

    cause = "name-clash"


class FolderInUse(ConflictError):
    """Another run is writing to the output folder."""

    cause = "folder-in-use"


class PageFailure(HtrError):
    """A page failed for a reason that is not in the file."""

    exit_code = ExitCode.PAGES_FAILED
    cause = "page-failed"


class PageTimeout(PageFailure):
    """A page took longer than `--page-timeout`."""

    cause = "timeout"


class PageCrash(PageFailure):
    """The process that worked on the page died: out of memory, or a fault in a library."""

    cause = "crash"
