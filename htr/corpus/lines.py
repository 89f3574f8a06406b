"""Lines of ground truth, cut out of their pages, with the text that people gave them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from htr.corpus.cache import LineCache
from htr.corpus.tars import is_tar, read_tar
from htr.corpus.text_line import TextLine
from htr.document.page import Page
from htr.document.text import Normalisation, normalise
from htr.engine.layout import outlined
from htr.engine.strips import cut, shapes, without_colour
from htr.exchange.register import PageFile, register
from htr.imaging.load import load
from htr.imaging.source import Source
from htr.pipeline.job import SOFTWARE
from htr.settings import TranscribeSettings

if TYPE_CHECKING:
    from htr.document.page import Line

HEIGHT = 96  # pixels: no network here reads higher lines, and more than that only takes room
_WEBP_LIMIT = 16383  # pixels, by the format
_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Choice:
    """Which lines are taken: `all_lines` for those that no person has seen, too.

    Lines with one of the marks `left_out` in their text do not count (`XXX` for what could not be
    read); texts are normalised as `normalisation` says (`htr.document.text.normalise`). Pictures
    are `height` pixels high at most.
    """

    all_lines: bool = False
    normalisation: Normalisation = "nfc"
    left_out: tuple[str, ...] = ()
    height: int = HEIGHT

    def text(self, text: str) -> str:
        """Return a line's text as it is learned: normalised, or empty where it does not count."""
        if any(mark in text for mark in self.left_out):
            return ""
        return normalise(text, self.normalisation).strip()


def read_lines(
    sources: Sequence[Path],
    choice: Choice | None = None,
    cache: LineCache | None = None,
    splits: Mapping[Path, str] | None = None,
) -> Iterator[TextLine]:
    """Yield the lines with text of folders and files (ALTO or PAGE) and of tars of lines.

    `splits` names the split of each page by its resolved path; pages that it has not are left out.

    Of pages that htr transcribed, only the lines that a person has corrected count, unless the
    choice is otherwise; other programs' pages are ground truth as a whole. Pages of several
    folders may have one name: the folder's stands before it, and is their collection.

    Raises the errors of `htr.exchange.register.register`, `PageFile.image` and of opening images,
    and those of `htr.corpus.tars.read_tar`.
    """
    choice = choice or Choice()
    for source in sources:
        if is_tar(source):
            for line in read_tar(source):
                if text := choice.text(line.text):
                    yield line.with_text(text)
    pages = [source for source in sources if not is_tar(source)]
    if pages:
        files = _files(pages)
        if splits is None:
            yield from _of_pages(files, choice, cache)
            return
        known = [file for file in files if file.path.resolve() in splits]
        names = {file.name: splits[file.path.resolve()] for file in known}
        for line in _of_pages(known, choice, cache):
            yield replace(line, split=names[line.page])


def _files(sources: Sequence[Path]) -> list[PageFile]:
    """Return the pages of sources; of several folders, named with their folder before them."""
    folders = [source for source in sources if source.is_dir()]
    if len(folders) < 2:
        return list(register(sources))
    names = Counter(folder.resolve().name for folder in folders)
    found = []
    for source in sources:
        own = source.resolve()
        before = own.name if names[own.name] == 1 else own.as_posix().lstrip("/")
        found += [
            replace(file, name=f"{before}/{file.name}") if source.is_dir() else file
            for file in register([source])
        ]
    return found


def _of_pages(
    files: Sequence[PageFile], choice: Choice, cache: LineCache | None
) -> Iterator[TextLine]:
    with ThreadPoolExecutor() as pool:
        for lines in pool.map(lambda file: page_lines(file, choice, cache), files):
            yield from lines


def page_lines(
    file: PageFile, choice: Choice, cache: LineCache | None = None
) -> tuple[TextLine, ...]:
    """Return the lines of a page that count (see `read_lines`), in reading order.

    A line that cannot be cut out is left out.
    """
    page = file.read(letters=False)
    wanted = chosen(page, choice)
    if not wanted:
        return ()
    image = file.image(page)
    if choice.height != HEIGHT:
        cache = None  # it holds pictures of one height
    strips = cache.get(image, wanted) if cache else None
    if strips is None:
        strips = _strips(image, wanted, choice.height)
        if cache:
            cache.put(image, wanted, strips)
    collection, _slash, _rest = file.name.rpartition("/")
    return tuple(
        TextLine(
            strip,
            choice.text(line.text),
            page=file.name,
            collection=collection.partition("/")[0],
            document=collection or file.path.parent.name,
            id=line.id,
        )
        for line, strip in zip(wanted, strips, strict=True)
        if strip
    )


def chosen(page: Page, choice: Choice) -> tuple[Line, ...]:
    """Return the lines of a page that count (see `read_lines`), in reading order."""
    everything = choice.all_lines or is_ground_truth(page)
    return tuple(
        line for line in page.lines if choice.text(line.text) and (everything or line.corrected)
    )


def is_ground_truth(page: Page) -> bool:
    """Say whether a page is a person's work as a whole: htr has not read it."""
    return not any(step.kind == "recognition" and step.software == SOFTWARE for step in page.steps)


def _strips(path: Path, lines: Sequence[Line], height: int) -> list[bytes]:
    """Return lines cut out of an image as grey WebP files, empty where that cannot be."""
    settings = TranscribeSettings()
    loaded = load(Source(path), max_pixels=settings.max_pixels, dpi=settings.dpi)
    page = without_colour(loaded.image)
    return [
        b"" if place is None or (strip := cut(page, place)) is None else _packed(strip, height)
        for place in shapes(loaded.image, lines, outlined)
    ]


def _packed(strip: Image.Image, height: int) -> bytes:
    if 0 in strip.size:
        return b""
    grey = strip.convert("L")
    if grey.height > height:
        width = max(1, round(grey.width * height / grey.height))
        grey = grey.resize((width, height), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    if grey.width > _WEBP_LIMIT:
        grey.save(buffer, "PNG")
    else:
        grey.save(buffer, "WEBP", quality=_QUALITY, method=2)
    return buffer.getvalue()
