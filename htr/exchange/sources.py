"""What a source is: a folder, a zip, a file of text or METS, or a IIIF manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from htr.errors import InputError, NameClash, NothingToDo
from htr.exchange import incoming_files, incoming_iiif
from htr.exchange.addresses import is_url
from htr.exchange.archive import Folder, archive
from htr.exchange.download import Client
from htr.exchange.incoming import Incoming
from htr.i18n import _
from htr.imaging.faults import opened

_ZIP = (b"PK\3\4", b"PK\5\6")
_HEAD = 64  # bytes: enough to tell a zip and JSON from all else


def listed(
    sources: Sequence[str], output: Path, client: Client, max_size: int | None, stack: ExitStack
) -> list[Incoming]:
    """Return the pages of all sources; archives stay open as long as the stack.

    Files below `output` do not count where it lies in a source. Raises what makes a source
    unusable as a whole: NotFound and the like, UnsafeArchive, DamagedArchive, LockedArchive,
    BadManifest, DownloadFailed; and NothingToDo, and NameClash where two pages would be one file.
    """
    found: list[Incoming] = []
    for source in sources:
        found += _pages(source, output, client, max_size, stack)
    if not found:
        raise NothingToDo(
            _("No page was found here."),
            path=" ".join(sources),
            hint=_(
                "ALTO, PAGE and hOCR files with their images are taken, zips of them, and IIIF "
                "manifests; for images alone there is `htr transcribe`."
            ),
        )
    _refuse_clashes(found)
    return found


def _pages(
    source: str, output: Path, client: Client, max_size: int | None, stack: ExitStack
) -> Sequence[Incoming]:
    if is_url(source):
        return incoming_iiif.pages(client.get(source), source, client, max_size)
    path = Path(source)
    if path.is_dir():
        return incoming_files.pages(Folder(path, output.resolve()))
    with opened(path) as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP) or path.suffix.lower() == ".zip":
        return incoming_files.pages(stack.enter_context(archive(path)))
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return incoming_iiif.pages(path.read_bytes(), path.name, client, max_size)
    if path.suffix.lower() not in (".xml", ".hocr", ".html", ".htm"):
        raise InputError(
            _("This is not a kind of file that pages are imported from."),
            path=path,
            hint=_("Name a folder, a zip, an XML, hOCR or METS file, or a IIIF manifest."),
        )
    # Transkribus has a page's image one folder up.
    above = path.absolute().parent.parent
    return incoming_files.single(Folder(above), PurePosixPath(path.absolute().relative_to(above)))


def _refuse_clashes(found: Iterable[Incoming]) -> None:
    """Raise NameClash where two outputs have one name, on file systems without case too."""
    seen: dict[str, Incoming] = {}
    for page in found:
        other = seen.setdefault(page.name.casefold(), page)
        if other is not page:
            raise NameClash(
                _("{first} and {second} would both be written here.").format(
                    first=other.place, second=page.place
                ),
                path=page.name,
                hint=_("Rename one of them, or import them into two folders."),
            )
