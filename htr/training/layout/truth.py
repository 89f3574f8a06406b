"""Pages from which a layout is learned: read, chosen, and divided into learned and held out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from htr.corpus.lines import is_ground_truth
from htr.corpus.split import split
from htr.document.page import Page, Region
from htr.errors import NothingToDo
from htr.exchange.register import PageFile, register
from htr.i18n import _, ngettext
from htr.training.layout.kinds import Wording
from htr.training.layout.settings import LayoutSettings

Reason: TypeAlias = Literal["not-corrected", "no-baselines"]

_MOST = 24  # pages are held out at most, since they are looked at after every round
_DOCUMENTS = 4  # with fewer, pages of all are held out


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page of ground truth: its name, its files, and its regions in the words to learn.

    `size` is the width and height of the image in whose pixels the regions are; 0 where the file
    does not say.
    """

    name: str
    path: Path
    image: Path
    size: tuple[int, int]
    regions: tuple[Region, ...]

    @property
    def document(self) -> str:
        """The volume that the page is of: its folder."""
        return self.name.rpartition("/")[0] or self.path.parent.name

    @property
    def collection(self) -> str:
        """The first folder that the page is in."""
        folder, slash, _rest = self.name.partition("/")
        return folder if slash else self.path.parent.name

    @property
    def lines(self) -> int:
        """How many lines the page has."""
        return sum(len(region.lines) for region in self.regions)


@dataclass(frozen=True, slots=True)
class Division:
    """How many pages are held out, of how many; of how many documents, where whole ones are.

    `named` is for pages that the user has named.
    """

    pages: int
    all: int
    documents: int | None = None
    named: bool = False

    def text(self) -> str:
        """Return a sentence on it in the user's language."""
        if self.named:
            return ngettext(
                "{n} page is held out, as asked for.",
                "{n} pages are held out, as asked for.",
                self.pages,
            ).format(n=self.pages)
        if self.documents is None:
            return ngettext(
                "Held out: {n} of {all} pages; nothing of it is learned.",
                "Held out: {n} of {all} pages; nothing of them is learned.",
                self.pages,
            ).format(n=self.pages, all=self.all)
        return ngettext(
            "Held out: {groups} document with {n} of {all} pages; nothing of it is learned.",
            "Held out: {groups} documents with {n} of {all} pages; nothing of them is learned.",
            self.documents,
        ).format(groups=self.documents, n=self.pages, all=self.all)


@dataclass(frozen=True, slots=True)
class Truth:
    """Pages to learn from, pages held out, and pages left out with the reason."""

    learned: tuple[TruePage, ...]
    held_out: tuple[TruePage, ...]
    division: Division
    left_out: Mapping[str, Reason]


def reason_text(reason: Reason) -> str:
    """Return in the user's language why a page is left out."""
    return {
        "not-corrected": _("transcribed by htr and not corrected"),
        "no-baselines": _("lines without baselines"),
    }[reason]


def read_truth(sources: Sequence[Path], settings: LayoutSettings) -> Truth:
    """Return the pages of folders and files (ALTO or PAGE) as a layout is learned from them.

    Of pages that htr has transcribed, those count that a person has corrected, or all; whole
    documents are held out, or pages where there are few. Raises the errors of
    `htr.exchange.register.register` and of its pages, UsageProblem, and NothingToDo where fewer
    than two pages are left.
    """
    pages, left_out = read_pages(sources, settings)
    if settings.held_out_pages:
        kept, more = read_pages([Path(name) for name in settings.held_out_pages], settings)
        left_out |= more
        places = {page.path.resolve() for page in kept}
        pages = tuple(page for page in pages if page.path.resolve() not in places)
        division = Division(len(kept), len(kept) + len(pages), named=True)
    else:
        pages, kept, division = _divided(pages, settings)
    if not pages or not any(page.lines for page in kept):
        raise NothingToDo(
            _("There is too little to learn from: it takes two pages with lines."),
            path=" ".join(map(str, sources)),
            hint=_("Give more pages that a person has corrected, or use --all-lines."),
        )
    return Truth(pages, kept, division, left_out)


def read_pages(
    sources: Sequence[Path], settings: LayoutSettings
) -> tuple[tuple[TruePage, ...], dict[str, Reason]]:
    """Return the pages of folders and files that count, and those that do not, with the reason.

    Raises what `read_truth` raises for sources.
    """
    found: list[TruePage] = []
    left_out: dict[str, Reason] = {}
    wording = settings.wording
    for file in register(sources):
        page = file.read(letters=False)
        reason = _reason(page, all_pages=settings.all_lines)
        if reason:
            left_out[file.name] = reason
        else:
            found.append(_page(file, page, wording))
    return tuple(found), left_out


def _reason(page: Page, *, all_pages: bool) -> Reason | None:
    """Return why a page is not learned from, if it is not."""
    if not (all_pages or page.corrected or is_ground_truth(page)):
        return "not-corrected"
    if any(line.baseline is None for line in page.lines):
        return "no-baselines"
    return None


def _page(file: PageFile, page: Page, wording: Wording) -> TruePage:
    size = (page.image.width, page.image.height)
    return TruePage(file.name, file.path, file.image(page), size, wording.applied(page.regions))


def _divided(
    pages: Sequence[TruePage], settings: LayoutSettings
) -> tuple[tuple[TruePage, ...], tuple[TruePage, ...], Division]:
    """Return pages to learn, pages held out, and how that was done."""
    documents = Counter(page.document for page in pages)
    by_document = len(documents) >= _DOCUMENTS and 2 * max(documents.values()) <= len(pages)
    groups = [page.document if by_document else page.name for page in pages]
    if len(set(groups)) < 2:
        return tuple(pages), (), Division(0, len(pages))
    share = min(settings.held_out, _MOST / len(pages))
    chosen = set(split(Counter(groups), {"train": 1 - share, "val": share}, settings.seed)["val"])
    learned = tuple(page for page, at in zip(pages, groups, strict=True) if at not in chosen)
    kept = tuple(page for page, at in zip(pages, groups, strict=True) if at in chosen)
    return learned, kept, Division(len(kept), len(pages), len(chosen) if by_document else None)
