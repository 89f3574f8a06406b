"""Lines that were cut out once are not cut out again: a folder of tars, one a page."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from pathlib import Path

from htr.corpus.tars import read_tar, write_tar
from htr.corpus.text_line import TextLine
from htr.document.page import Line
from htr.errors import HtrError
from htr.imaging.digest import sha256
from htr.pipeline.files import write_whole

_FORM = "1"  # another where strips come out otherwise


class LineCache:
    """Strips by the image they are cut from and the shapes of the lines."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or default_folder()

    def get(self, image: Path, lines: Sequence[Line]) -> list[bytes] | None:
        """Return the strips of a page's lines, or None where they are not there (or damaged)."""
        try:
            found = read_tar(self._place(image, lines))
        except HtrError:
            return None
        return [line.image for line in found] if len(found) == len(lines) else None

    def put(self, image: Path, lines: Sequence[Line], strips: Sequence[bytes]) -> None:
        """Keep the strips; where that cannot be, nothing is lost but time."""
        buffer = io.BytesIO()
        write_tar((TextLine(strip, "", page="") for strip in strips), buffer)
        place = self._place(image, lines)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, buffer.getvalue())
        except (OSError, HtrError):
            return

    def _place(self, image: Path, lines: Sequence[Line]) -> Path:
        key = hashlib.sha256(f"{_FORM} {sha256(image)}".encode())
        for line in lines:
            key.update(repr((line.baseline, line.polygon, line.direction)).encode())
        return self._folder / f"{key.hexdigest()}.tar"


def default_folder() -> Path:
    """Return the user's cache folder for strips (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "htr" / "lines"
