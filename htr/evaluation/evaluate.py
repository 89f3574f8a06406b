"""Transcriptions measured against the truth: CER and WER by page, by collection and overall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from rapidfuzz.distance import Editops, Levenshtein

from htr.document.metrics import Confusion, EditCounts, Scores, merge
from htr.document.page import Page
from htr.document.text import Normalisation, join_lines, normalise
from htr.evaluation.matching import match_lines
from htr.evaluation.pairing import pair
from htr.formats import read_file

Match: TypeAlias = Literal["lines", "page"]

_CONFUSIONS = 50


@dataclass(frozen=True, slots=True)
class PageScore:
    """How well one page was read; `confidence` is what the prediction says of itself."""

    name: str
    collection: str
    scores: Scores
    confidence: float | None = None
    confusions: tuple[Confusion, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionScore:
    """How well a collection's pages were read, and how many they are."""

    scores: Scores
    pages: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What `evaluate` found.

    `collections` is by name, "" for pages directly in the folder; `pages` worst first (by CER,
    then by errors, then by name); `confusions` the 50 commonest. `missing` names pages of truth
    without a prediction, which count as wholly missed; `extra` names predictions without truth,
    which do not count.
    """

    scores: Scores
    collections: dict[str, CollectionScore]
    pages: tuple[PageScore, ...]
    confusions: tuple[Confusion, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    normalisation: Normalisation
    match: Match


def evaluate(
    truth: Path,
    prediction: Path,
    *,
    normalisation: Normalisation = "nfc",
    match: Match = "lines",
) -> Evaluation:
    """Return how well the pages under `prediction` read those under `truth` (ALTO or PAGE).

    Both are folders, whose pages are paired by name, or files (see `pairing.pair`). A page's
    collection is the first folder below `truth` that it lies in. `score_page` says what
    `normalisation` and `match` do, `htr.document.metrics` what the rates are. Raises the errors of
    `pairing.pair` and of `htr.formats.read_file`.
    """
    pairing = pair(truth, prediction)
    pages = [
        score_page(
            name,
            read_file(wanted),
            None if found is None else read_file(found),
            normalisation=normalisation,
            match=match,
        )
        for name, wanted, found in pairing.pages
    ]
    missing = tuple(name for name, _wanted, found in pairing.pages if found is None)
    return summarise(
        pages, missing=missing, extra=pairing.extra, normalisation=normalisation, match=match
    )


def score_page(
    name: str,
    truth: Page,
    prediction: Page | None,
    *,
    normalisation: Normalisation = "nfc",
    match: Match = "lines",
) -> PageScore:
    """Return how well a page was read; without a prediction, all its characters count as missed.

    With `lines`, each line is compared with the one that `matching.match_lines` finds for it;
    lines that match none count as missed or as invented, all their characters. So a wrong reading
    order costs nothing. With `page`, the text of the whole page in reading order is compared, its
    lines joined by single spaces. Texts are normalised first (`htr.document.text.normalise`).
    Confusions are those inside texts that have a counterpart: a line that was missed whole says
    nothing of how letters are read.
    """
    found = Page(truth.id, truth.image) if prediction is None else prediction
    if match == "page":
        texts = [
            tuple(
                join_lines((line.text for line in page.lines), normalisation)
                for page in (truth, found)
            )
        ]
    else:
        texts = [
            tuple(normalise(line.text, normalisation) if line else "" for line in lines)
            for lines in match_lines(truth, found)
        ]
    compared = [_compare(*pair) for pair in texts]
    return PageScore(
        name,
        name.partition("/")[0] if "/" in name else "",
        sum((scores for scores, _confusions in compared), Scores()),
        None if prediction is None else prediction.confidence,
        merge(one for _scores, confusions in compared for one in confusions),
    )


def summarise(
    pages: Iterable[PageScore],
    *,
    missing: Sequence[str] = (),
    extra: Sequence[str] = (),
    normalisation: Normalisation = "nfc",
    match: Match = "lines",
) -> Evaluation:
    """Return the evaluation that pages, in any order, add up to."""
    ranked = tuple(sorted(pages, key=_badness))
    members: dict[str, list[PageScore]] = {
        name: [] for name in sorted({page.collection for page in ranked})
    }
    for page in ranked:
        members[page.collection].append(page)
    return Evaluation(
        scores=_total(ranked),
        collections={
            name: CollectionScore(_total(pages), len(pages)) for name, pages in members.items()
        },
        pages=ranked,
        confusions=merge((one for page in ranked for one in page.confusions), _CONFUSIONS),
        missing=tuple(missing),
        extra=tuple(extra),
        normalisation=normalisation,
        match=match,
    )


def _badness(page: PageScore) -> tuple[float, int, str]:
    rate = page.scores.cer
    return (float("-inf") if rate is None else -rate, -page.scores.characters.errors, page.name)


def _total(pages: Iterable[PageScore]) -> Scores:
    return sum((page.scores for page in pages), Scores())


def _compare(truth: str, prediction: str) -> tuple[Scores, list[Confusion]]:
    """Return a text's scores, and its confusions if it has a counterpart at all."""
    edits = Levenshtein.editops(truth, prediction)
    words = Levenshtein.editops(truth.split(), prediction.split())
    scores = Scores(_counts(edits, len(truth)), _counts(words, len(truth.split())))
    if not (truth and prediction):
        return scores, []
    return scores, [
        Confusion(
            "" if edit.tag == "insert" else truth[edit.src_pos],
            "" if edit.tag == "delete" else prediction[edit.dest_pos],
            1,
        )
        for edit in edits
    ]


def _counts(edits: Editops, length: int) -> EditCounts:
    tags = [edit.tag for edit in edits]
    return EditCounts(tags.count("replace"), tags.count("insert"), tags.count("delete"), length)
