"""Tars of lines: pictures and `lines.jsonl`, the form in which corpora of lines travel.

Each row of `lines.jsonl` is an object with `image` (the picture's name in the tar), `text`,
`split`, `collection` and `page`; `document` and `id` may be there too.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from htr.corpus.text_line import TextLine
from htr.errors import InputError
from htr.i18n import _
from htr.imaging.faults import opened

INDEX = "lines.jsonl"
_PNG = b"\x89PNG"


def is_tar(path: Path) -> bool:
    """Say whether a path is a tar's, by its name."""
    return path.suffix.lower() == ".tar" and not path.is_dir()


def read_tar(path: Path) -> tuple[TextLine, ...]:
    """Return the lines of a tar, in the order of its index.

    Raises NotFound, NotReadable and EmptyFile where the file cannot be read, and InputError where
    it is no tar of lines.
    """
    with opened(path) as file:
        try:
            with tarfile.open(fileobj=file) as tar:
                members = {Path(one.name).name: one for one in tar.getmembers() if one.isfile()}
                rows = [json.loads(row) for row in _bytes(tar, members[INDEX]).splitlines()]
                return tuple(
                    _line(row, _bytes(tar, members[Path(row["image"]).name])) for row in rows
                )
        except (tarfile.TarError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                _("This is not a tar of lines ({reason}).").format(reason=error),
                path=path,
                hint=_("`htr corpus lines` makes one of pages and their images."),
            ) from error


def write_tar(lines: Iterable[TextLine], file: BinaryIO) -> int:
    """Write lines as a tar to an open file; returns how many they were.

    The same lines make the same bytes.
    """
    rows = []
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for number, line in enumerate(lines):
            suffix = "png" if line.image.startswith(_PNG) else "webp"
            name = f"{number:06d}.{suffix}"
            _add(tar, name, line.image)
            rows.append(
                {
                    "image": name,
                    "text": line.text,
                    "split": line.split,
                    "collection": line.collection,
                    "document": line.document,
                    "page": line.page,
                    "id": line.id,
                }
            )
        index = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        _add(tar, INDEX, index.encode("utf-8"))
    return len(rows)


def _line(row: dict[str, Any], image: bytes) -> TextLine:
    page = str(row["page"])
    return TextLine(
        image,
        str(row["text"]),
        page=page,
        collection=str(row.get("collection") or ""),
        document=str(row.get("document") or page.rpartition("/")[0]),
        id=str(row.get("id") or ""),
        split=row.get("split"),
    )


def _bytes(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None  # only files are asked for
    return file.read()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
