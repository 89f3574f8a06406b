"""Media types of the files that pages are made of, by their names."""

from __future__ import annotations

from pathlib import PurePosixPath

_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jp2": "image/jp2",
    ".jpx": "image/jpx",
    ".jpf": "image/jpx",
    ".j2k": "image/j2c",
    ".j2c": "image/j2c",
    ".jpc": "image/j2c",
    ".xml": "application/xml",
}
# What every browser shows (HTML has no such list; Mozilla's image file type guide).
BROWSER_TYPES = frozenset(("image/jpeg", "image/png", "image/webp", "image/gif"))


def media_type(name: str) -> str:
    """Return the media type (IANA) of a file by its name, `application/octet-stream` if unknown."""
    return _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
