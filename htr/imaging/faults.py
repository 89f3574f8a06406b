"""What the system and the image libraries raise, said as errors that name the file and the page."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from htr.errors import EmptyFile, HtrError, InputError, NotFound, NotReadable
from htr.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path


def on_page(message: str, frame: int | None) -> str:
    """Return the message with the page that it is about, counted from 1; None is the whole file."""
    if frame is None:
        return message
    return _("Page {number}: {message}").format(number=frame + 1, message=message)


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a file to read its bytes; errors of the system, then or later, become InputErrors.

    Raises NotFound, NotReadable and EmptyFile.
    """
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise EmptyFile(
                    _("The file is empty."), path=path, hint=_("Copy it again from its source.")
                )
            file.seek(0)
            yield file
    except (FileNotFoundError, NotADirectoryError) as error:
        message, hint = _("There is no such file."), _("Check the path.")
        raise NotFound(message, path=path, hint=hint) from error
    except IsADirectoryError as error:
        message, hint = _("This is a folder, not a file."), _("Name a file.")
        raise NotReadable(message, path=path, hint=hint) from error
    except PermissionError as error:
        message = _("The system does not allow this file to be read.")
        hint = _("Ask for the right to read it, or copy it to a folder of your own.")
        raise NotReadable(message, path=path, hint=hint) from error
    except OSError as error:
        message = _("The system cannot read the file ({reason}).").format(reason=error)
        hint = _("Check the disk or the network drive that holds it, then try again.")
        raise NotReadable(message, path=path, hint=hint) from error


@contextmanager
def damage_as(
    kind: type[InputError], message: str, hint: str, *, path: Path, frame: int | None = None
) -> Iterator[None]:
    """Turn whatever a library raises inside the block into one kind of error.

    Bad bytes make Pillow and pypdfium2 raise OSError, SyntaxError, ValueError, struct.error,
    EOFError, KeyError, AssertionError and more, by no rule that they document: hence `Exception`.
    Our own errors, the system's (an OSError with a number) and a lack of memory pass.
    """
    try:
        yield
    except (HtrError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise kind(on_page(message, frame), path=path, hint=hint) from error
