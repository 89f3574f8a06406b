"""Lines of text to learn a language from: plain text, pages of ground truth, tars of lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from htr.corpus.lines import Choice, chosen
from htr.corpus.tars import is_tar, read_tar
from htr.errors import InputError, NothingToDo, NotReadable
from htr.exchange.register import register
from htr.i18n import _

_LINES_A_PAGE = 30  # of plain text


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page that count, and the page's name."""

    name: str
    lines: tuple[str, ...]


def read_texts(sources: Sequence[Path], choice: Choice) -> list[PageText]:
    """Return the text of .txt files, of folders and files of ALTO or PAGE, and of tars of lines.

    Of tars that say which lines are for training, only those count. A line that an earlier source
    has word for word does not count again, so that pages that are in two sources weigh no more
    than others. Raises what `htr.exchange.register.register` and `htr.corpus.tars.read_tar` raise,
    NotReadable and InputError for text that cannot be read, and NothingToDo where there is none.
    """
    found: list[PageText] = []
    seen: set[str] = set()
    for source in sources:
        new = [
            PageText(page.name, tuple(line for line in page.lines if line not in seen))
            for page in _pages(source, choice)
        ]
        seen.update(line for page in new for line in page.lines)
        found += [page for page in new if page.lines]
    if not found:
        raise NothingToDo(
            _("There is no text to learn from here."),
            path=" ".join(map(str, sources)),
            hint=_("Give text files, tars of lines, or pages of ground truth or corrected ones."),
        )
    return found


def _pages(source: Path, choice: Choice) -> Iterator[PageText]:
    if source.suffix.lower() == ".txt":
        texts = _clean(_text(source).splitlines(), choice)
        for start in range(0, len(texts), _LINES_A_PAGE):
            yield PageText(f"{source.name}:{start + 1}", texts[start : start + _LINES_A_PAGE])
    elif is_tar(source):
        pages: dict[str, list[str]] = {}
        for line in read_tar(source):
            if line.split in (None, "train"):
                pages.setdefault(line.page, []).append(line.text)
        for page, lines in pages.items():
            yield PageText(page, _clean(lines, choice))
    else:
        for file in register([source]):
            counted = chosen(file.read(letters=False), choice)
            yield PageText(file.name, _clean([line.text for line in counted], choice))


def _clean(lines: Sequence[str], choice: Choice) -> tuple[str, ...]:
    return tuple(filter(None, map(choice.text, lines)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            _("This is not text in UTF-8."), path=path, hint=_("Save it as plain text in UTF-8.")
        ) from error
    except OSError as error:
        raise NotReadable(
            _("This text cannot be read ({reason}).").format(reason=error.strerror),
            path=path,
            hint=_("Check the path."),
        ) from error
