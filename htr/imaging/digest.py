"""The fingerprint of a file, by which a page's ALTO remembers which image it was read from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from htr.imaging.faults import opened

if TYPE_CHECKING:
    from pathlib import Path


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in lower-case hexadecimal, reading it piece by piece.

    Raises NotFound, NotReadable and EmptyFile.
    """
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
