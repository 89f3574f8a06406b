"""What every source of pages comes down to: a page with a name, and a draft of it when its turn is.

A source is listed first, which opens no image and asks no server for more than a manifest; then
each page is opened on its own, so that a bad one costs only itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from htr.document.page import Page

Record: TypeAlias = tuple[tuple[str, str], ...]
Size: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Draft:
    """A page that is about to be imported.

    `record` says what it is imported from, as the ALTO file's history will; two drafts of one
    record are one page. `suffix` is that of its image. `save(file, target)` puts the image's bytes
    into a new file, which is going to be `target`. `read(size)` returns the page in the pixels of
    the image, of that width and height, or None if it has no text; `read` itself is None where
    that is known beforehand. `image_sha256` is that of the image, None if it must be fetched first.
    All raise HtrError.
    """

    record: Record
    image: str
    suffix: str
    save: Callable[[Path, Path], None]
    read: Callable[[Size], Page | None] | None
    image_sha256: str | None = None


class Incoming(Protocol):
    """A page in a source."""

    @property
    def name(self) -> str:
        """Its name in the folder of ALTO files, without a suffix: `1827/p2`."""

    @property
    def place(self) -> str:
        """How errors and the report name it."""

    def open(self) -> Draft:
        """Return its draft; raises HtrError where there is none to be made."""
