"""Pages from files: ALTO, PAGE and hOCR with their images, as METS names them or as they lie."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from urllib.parse import unquote

from htr.document.page import Page
from htr.document.text import natural
from htr.errors import BadXml, HtrError, InputError, NotFound
from htr.exchange.archive import Archive, Container, common_folder, damaged
from htr.exchange.incoming import Draft, Size
from htr.formats import read
from htr.formats.header import root_name
from htr.formats.hocr_reader import read_hocr
from htr.formats.mets_reader import MetsPage, read_mets
from htr.i18n import _
from htr.imaging.source import IMAGE_SUFFIXES

_TEXT_LIMIT = 256 * 2**20  # bytes
_CHUNK = 2**20
_ROUNDING = 2  # pixels by which a layout and its image may differ: both were scaled together
_UNKNOWN = (1, 1)  # stands for a page's size while its image is not known
_PARTS = ("alto", "page")  # Transkribus's folders in a document; its PAGE says more


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page's file in a container, the image that METS gives it, and its place in an hOCR file."""

    container: Container
    file: PurePosixPath
    name: str
    image: PurePosixPath | None = None
    number: int | None = None

    @property
    def place(self) -> str:
        """The file's path."""
        return self.container.label(self.file)

    def open(self) -> Draft:
        """Read the page and find its image."""
        data = _bytes(self.container, self.file)
        page = self._read(data, _UNKNOWN)
        image = self._image(page)
        number = () if self.number is None else (("page", str(self.number + 1)),)
        return Draft(
            record=(
                ("source", self.container.path.name),
                ("file", str(self.file)),
                *number,
                ("sha256", hashlib.sha256(data).hexdigest()),
            ),
            image=self.container.label(image),
            suffix=image.suffix.lower(),
            save=lambda file, _target: self._save(image, file),
            read=lambda size: self._fitted(data, page, size, image.name),
            image_sha256=_digest(self.container, image),
        )

    def _read(self, data: bytes, size: Size) -> Page:
        if _is_hocr(self.file):
            return read_hocr(data, path=self.place)[self.number or 0]
        return read(data, path=self.place, image_size=size)

    def _image(self, page: Page) -> PurePosixPath:
        named = page.image.name.replace("\\", "/")
        here = self.file.parent
        last = named.rpartition("/")[2]
        wanted = [_below(here, ref) for ref in (named, last, f"../{last}") if last]
        if self.image is not None:
            wanted.insert(0, self.image)
        beside = [
            folder / f"{stem}{case}"
            for folder in (here, here.parent)
            for stem in dict.fromkeys((PurePosixPath(last).stem, self.file.stem))
            for suffix in sorted(IMAGE_SUFFIXES)
            for case in (suffix, suffix.upper())
        ]
        for name in (*wanted, *beside):
            if name.suffix.lower() in IMAGE_SUFFIXES and self.container.has(name):
                return name
        raise NotFound(
            _("The image of this page, “{name}”, is not there.").format(name=self.image or named),
            path=self.place,
            hint=_("Put it beside the file, or export it with its images."),
        )

    def _save(self, image: PurePosixPath, file: Path) -> None:
        with (
            damaged(self.container.label(image)),
            self.container.open(image) as source,
            file.open("wb") as copy,
        ):
            copyfileobj(source, copy)

    def _fitted(self, data: bytes, page: Page, size: Size, image: str) -> Page:
        """Return the page, made sure to be of an image of that size."""
        if (page.image.width, page.image.height) in (_UNKNOWN, (0, 0)):
            page = self._read(data, size)
            return replace(page, image=replace(page.image, width=size[0], height=size[1]))
        off = max(abs(page.image.width - size[0]), abs(page.image.height - size[1]))
        if off > _ROUNDING:
            raise BadXml(
                _(
                    "This layout is of an image of {w} x {h} pixels, but {name} has {iw} x {ih}."
                ).format(
                    w=page.image.width, h=page.image.height, name=image, iw=size[0], ih=size[1]
                ),
                path=self.place,
                hint=_("Put the image that the layout was made on beside it."),
            )
        return page


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that may be a page but cannot be read, or is not there: opening it raises why."""

    place: str
    error: HtrError

    @property
    def name(self) -> str:
        """Its path as one name, since it has none among the pages and nothing is written by it."""
        return self.place.replace("/", "_")

    def open(self) -> Draft:
        """Raise the error."""
        raise self.error


def pages(container: Container) -> list[FilePage | Unreadable]:
    """Return the pages of a container: those that METS names in its order, then the others.

    Other XML (EAD, Transkribus's metadata) is left out, and so is ALTO that Transkribus has as PAGE
    too.
    """
    listed: list[FilePage] = []
    loose: list[FilePage] = []
    bad: list[Unreadable] = []
    claimed: set[PurePosixPath] = set()
    for file in container.names():
        try:
            if _kind(container, file) == "mets":
                good, missing = _parted(_of_mets(container, file, claimed))
                listed += good
                bad += missing
            elif not _is_double(container, file):
                loose += _of_file(container, file)
        except InputError as error:
            bad.append(Unreadable(container.label(file), error))
    loose = [page for page in loose if page.file not in claimed]
    wrap = PurePosixPath()
    if isinstance(container, Archive):
        wrap = common_folder(_without_part(page.file) for page in (*listed, *loose))
    return [*_numbered(_named(listed, wrap)), *_named(loose, wrap), *bad]


def single(container: Container, file: PurePosixPath) -> list[FilePage | Unreadable]:
    """Return the pages of a file that was named itself: ALTO, PAGE, hOCR, or METS with its own.

    Raises InputError for METS and hOCR that cannot be read.
    """
    if _kind(container, file) == "mets":
        good, missing = _parted(_of_mets(container, file, set()))
        return [*_numbered(_named(good, _without_part(file).parent)), *missing]
    found = list(_of_file(container, file)) or [FilePage(container, file, "")]
    return [*_named(found, _without_part(file).parent)]


def _parted(
    found: Iterable[FilePage | Unreadable],
) -> tuple[list[FilePage], list[Unreadable]]:
    every = list(found)
    good = [page for page in every if isinstance(page, FilePage)]
    return good, [page for page in every if isinstance(page, Unreadable)]


def _missing(mets: str, page: MetsPage) -> NotFound:
    return NotFound(
        _("The file names {name}, which is not there.").format(name=page.page_xml or page.alto),
        path=mets,
        hint=_("Export it again with all of its files."),
    )


def _of_file(container: Container, file: PurePosixPath) -> Iterator[FilePage]:
    """Yield the pages of an ALTO, PAGE or hOCR file; none of any other."""
    match _kind(container, file):
        case "alto" | "PcGts":
            yield FilePage(container, file, "")
        case "hocr":
            count = len(read_hocr(_bytes(container, file), path=container.label(file)))
            numbers = range(count) if count > 1 else (None,)
            yield from (FilePage(container, file, "", number=number) for number in numbers)


def _of_mets(
    container: Container, mets: PurePosixPath, claimed: set[PurePosixPath]
) -> Iterator[FilePage | Unreadable]:
    """Yield the pages of a METS file, of each the PAGE file if it has one; add all to `claimed`."""

    def below(href: str) -> PurePosixPath:
        as_it_stands = _below(mets.parent, href)
        return as_it_stands if container.has(as_it_stands) else _below(mets.parent, unquote(href))

    for page in read_mets(_bytes(container, mets), path=container.label(mets)):
        texts = [below(href) for href in (page.page_xml, page.alto) if href]
        claimed.update(texts)
        if texts:
            image = below(page.image) if page.image else None
            there = next(filter(container.has, texts), None)
            if there is None:
                yield Unreadable(container.label(texts[0]), _missing(container.label(mets), page))
            else:
                yield FilePage(container, there, "", image=image)


def _kind(container: Container, file: PurePosixPath) -> str | None:
    """Return an XML file's root, or `hocr` for HTML that holds such pages; None for other files."""
    if _is_hocr(file):
        return "hocr" if b"ocr_page" in _bytes(container, file) else None
    if file.suffix.lower() != ".xml":
        return None
    label = container.label(file)
    with damaged(label), container.open(file) as stream:
        return root_name(stream, path=label)


def _is_hocr(file: PurePosixPath) -> bool:
    return file.suffix.lower() in (".hocr", ".html", ".htm")


def _is_double(container: Container, file: PurePosixPath) -> bool:
    alto, page = _PARTS
    return file.parent.name == alto and container.has(file.parent.parent / page / file.name)


def _below(folder: PurePosixPath, reference: str) -> PurePosixPath:
    return PurePosixPath(posixpath.normpath(folder / reference))


def _without_part(file: PurePosixPath) -> PurePosixPath:
    return file.parent.parent / file.name if file.parent.name in _PARTS else file


def _named(found: Iterable[FilePage], wrap: PurePosixPath) -> list[FilePage]:
    """Return pages with the names that their files have below a folder."""
    result = []
    for page in found:
        file = _without_part(page.file)
        name = file.relative_to(wrap) if file.is_relative_to(wrap) else PurePosixPath(file.name)
        number = "" if page.number is None else f"-{page.number + 1:04}"
        result.append(replace(page, name=f"{name.with_suffix('')}{number}"))
    return result


def _numbered(found: list[FilePage]) -> list[FilePage]:
    """Return pages with a number before their names, where those would put them out of order."""
    if found == sorted(found, key=lambda page: natural(page.name)):
        return found
    names = [PurePosixPath(page.name) for page in found]
    return [
        replace(page, name=str(name.with_name(f"{number:04}-{name.name}")))
        for number, (page, name) in enumerate(zip(found, names, strict=True), start=1)
    ]


def _bytes(container: Container, file: PurePosixPath) -> bytes:
    label = container.label(file)
    with damaged(label), container.open(file) as stream:
        data = stream.read(_TEXT_LIMIT + 1)
    if len(data) > _TEXT_LIMIT:
        raise BadXml(
            _("This file is too large for a page's text."),
            path=label,
            hint=_("Take it out of the folder, if it is no page."),
        )
    return data


def _digest(container: Container, file: PurePosixPath) -> str:
    with damaged(container.label(file)), container.open(file) as stream:
        digest = hashlib.sha256()
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
