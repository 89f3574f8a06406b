"""Exports as files: one for each page, or one for all; a bad page costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from htr.document.page import Page
from htr.errors import HtrError, InputError, NameClash, OutputError, UsageProblem
from htr.exchange.register import PageFile
from htr.formats import read_header
from htr.i18n import _
from htr.pipeline.files import write_whole


@dataclass(frozen=True, slots=True)
class Outcome:
    """The files that were written, and the errors of the pages that could not be."""

    written: tuple[Path, ...] = ()
    failed: tuple[HtrError, ...] = ()


def write_each(
    files: Iterable[PageFile], output: Path, suffix: str, convert: Callable[[PageFile], bytes]
) -> Outcome:
    """Write `output/NAME` + suffix for each page from the bytes that `convert` returns for it.

    A page that `convert` raises HtrError for is reported in the outcome and the rest go on; raises
    OutputError where nothing can be written, and NameClash rather than overwrite ALTO or a page
    that it reads.
    """
    written: list[Path] = []
    failed: list[HtrError] = []
    for file in files:
        target = output / f"{file.name}{suffix}"
        if _is(target, file) or read_header(target) is not None:
            raise _taken(target)
        try:
            write_whole(target, convert(file))
        except OutputError:
            raise
        except HtrError as error:
            failed.append(error)
        else:
            written.append(target)
    return Outcome(tuple(written), tuple(failed))


def write_one(
    files: Iterable[PageFile],
    output: Path,
    convert: Callable[[Iterator[tuple[str, Page]]], bytes],
) -> Outcome:
    """Write one file from the bytes that `convert` returns for the (name, page) pairs it is given.

    Pages are read one by one, with their images named as seen from the file. One that cannot be
    read is reported in the outcome and the rest go on; nothing is written where none can. Raises
    OutputError, UsageProblem for a folder, and NameClash rather than overwrite a page it reads.
    """
    if output.is_dir():
        raise UsageProblem(_("This is a folder."), path=output, hint=_("Name a file with -o."))
    if read_header(output) is not None:
        raise _taken(output)
    failed: list[HtrError] = []
    read = 0

    def pages() -> Iterator[tuple[str, Page]]:
        nonlocal read
        for file in files:
            if _is(output, file):
                raise _taken(output)
            try:
                page = file.read_from(output.parent)
            except InputError as error:
                failed.append(error)
                continue
            read += 1
            yield file.name, page

    data = convert(pages())
    if read:
        write_whole(output, data)
    return Outcome((output,) if read else (), tuple(failed))


def _is(target: Path, file: PageFile) -> bool:
    return target.is_file() and target.samefile(file.path)


def _taken(target: Path) -> NameClash:
    return NameClash(
        _("A page stands here already, and an export does not overwrite it."),
        path=target,
        hint=_("Choose another place with -o."),
    )
