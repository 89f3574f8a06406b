"""A file a page: each page of a register converted and written, a bad one costing only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from htr.errors import HtrError, OutputError
from htr.exchange.register import PageFile
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
    OutputError where nothing can be written.
    """
    written: list[Path] = []
    failed: list[HtrError] = []
    for file in files:
        target = output / f"{file.name}{suffix}"
        try:
            write_whole(target, convert(file))
        except OutputError:
            raise
        except HtrError as error:
            failed.append(error)
        else:
            written.append(target)
    return Outcome(tuple(written), tuple(failed))
