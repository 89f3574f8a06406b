"""Public corpora fetched: an archive downloaded, checked and unpacked, its licence recorded."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias

from htr.corpus.descriptors import Descriptor
from htr.errors import DownloadFailed, OutputError
from htr.exchange.archive import Archive, archive, common_folder, damaged
from htr.exchange.download import Client, remove_parts
from htr.i18n import _
from htr.imaging.digest import sha256
from htr.pipeline.files import held, remove_leftovers, whole, write_whole
from htr.pipeline.job import now

RECORD = "SOURCE.toml"
_ZIP = "archive.zip"
_LARGEST = 50 * 10**9  # bytes

Trust: TypeAlias = Literal["described", "first", "same", "changed"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of it: how many files lie there now, and by what their archive was checked.

    `trust` is `described` where the descriptor gives the archive's SHA-256; else `same` or
    `changed` by that of an earlier fetch, and `first` where nothing could be compared. `new` says
    whether anything was downloaded.
    """

    folder: Path
    files: int
    sha256: str
    trust: Trust
    new: bool


def fetch(
    corpus: Descriptor,
    folder: Path,
    client: Client,
    *,
    again: bool = False,
    clock: Callable[[], datetime] = now,
) -> Fetched:
    """Fetch a corpus into a folder, unless it is there, and record its source and licence.

    A download that breaks off goes on at the next call. `again` downloads what is there anew.
    Raises DownloadFailed, also for an archive that is not the one described; RefusedAddress;
    DamagedArchive, UnsafeArchive and LockedArchive; OutputError; FolderInUse.
    """
    record = folder / RECORD
    before = _recorded(record)
    if before and not again:
        return Fetched(folder, int(before["files"]), before["sha256"], "same", False)
    if before is None and folder.exists():
        _check_is_ours(folder)
    with held(folder):
        remove_leftovers(folder)
        target = folder / _ZIP
        part = client.download(corpus.archive, target, limit=corpus.size or _LARGEST)
        digest, size = sha256(part), part.stat().st_size
        if corpus.sha256 and digest != corpus.sha256:
            remove_parts(target)
            raise _another(corpus, digest)
        with archive(part) as found:
            files, commit = _unpacked(found, folder), found.file.comment.decode("ascii", "replace")
        facts = {
            **_facts(corpus),
            "commit": commit,  # GitHub's archives have it as their comment
            "sha256": digest,
            "checked": corpus.sha256 is not None,
            "size": size,
            "files": files,
            "fetched": clock().isoformat(),
        }
        write_whole(record, _toml(facts))
        remove_parts(target)
    return Fetched(folder, files, digest, _trust(corpus, before, digest), True)


def _trust(corpus: Descriptor, before: Mapping[str, str] | None, digest: str) -> Trust:
    if corpus.sha256:
        return "described"
    if before is None:
        return "first"
    return "same" if before["sha256"] == digest else "changed"


def _check_is_ours(folder: Path) -> None:
    """Raise OutputError for a folder with files, unless they are an earlier call's that broke off.

    What that leaves until all is unpacked is the archive, or a part of it.
    """
    if any(folder.iterdir()) and not any(folder.glob(f".{_ZIP}.*.part")):
        raise OutputError(
            _("This folder holds other files."),
            path=folder,
            hint=_("Name a new folder with -o."),
        )


def _recorded(path: Path) -> dict[str, str] | None:
    """Return what an earlier fetch recorded, or None."""
    try:
        record = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: str(record[name]) for name in ("sha256", "files")}
    except (OSError, ValueError, KeyError):
        return None


def _another(corpus: Descriptor, digest: str) -> DownloadFailed:
    message = _("The archive is not the one described: its SHA-256 is {digest}, not {expected}.")
    return DownloadFailed(
        message.format(digest=digest, expected=corpus.sha256),
        path=corpus.archive,
        hint=_("Ask the corpus's authors what has changed, or take a newer descriptor."),
    )


def _unpacked(found: Archive, folder: Path) -> int:
    names = found.names()
    top = common_folder(names)
    for name in names:
        inside = PurePosixPath(*name.parts[len(top.parts) :])
        with (
            whole(folder / inside) as temporary,
            damaged(found.label(name)),
            found.open(name) as packed,
            temporary.open("wb") as file,
        ):
            shutil.copyfileobj(packed, file)
    return len(names)


def _facts(corpus: Descriptor) -> dict[str, Any]:
    return {
        "title": corpus.title,
        "authors": list(corpus.authors),
        "url": corpus.url,
        "licence": corpus.licence,
        "licence_url": corpus.licence_url,
        "archive": corpus.archive,
    }


def _toml(facts: Mapping[str, Any]) -> bytes:
    rows = [
        "# Where these files are from, and under which licence. Their authors must be credited."
    ]
    rows += [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in facts.items()
        if value != ""
    ]
    return ("\n".join(rows) + "\n").encode("utf-8")
