"""What is wrong with ground truth is found, and what is right is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from corpus_pages import corpus, line, page, write
from PIL import Image

from htr.corpus.check import Options, check
from htr.corpus.findings import Check, Finding
from htr.exchange.register import register

TEXTS = (
    "L'an mil huit cent vingt-sept",
    "le vingt-deux mars par devant nous",
    "maire et officier de l'état civil",
    "à comparu Jean Martin laboureur",
    "lequel nous a présenté un enfant",
    "du sexe masculin né le jour d'hier",
)


@dataclass(frozen=True)
class Script:
    """Reads a line by the breadth of its ink, which tells its number on the page."""

    texts: Sequence[str] = TEXTS
    alphabet: frozenset[str] = frozenset("".join(TEXTS))
    pixels: int = 4

    def read(self, strips: Sequence[Image.Image]) -> list[str]:
        return [self.texts[self._number(strip)] for strip in strips]

    def steps(self, strip: Image.Image) -> int:
        return strip.width // self.pixels

    def _number(self, strip: Image.Image) -> int:
        row = strip.crop((0, strip.height // 2, 100, strip.height // 2 + 1)).tobytes()
        return round((sum(value < 128 for value in row[2:]) - 25) / 5)


def kinds(found: Check) -> set[str]:
    return {finding.kind for finding in found.findings}


def one(found: Check, kind: str) -> Finding:
    (finding,) = (finding for finding in found.findings if finding.kind == kind)
    return finding


def test_good_pages_have_no_findings(tmp_path: Path) -> None:
    files = corpus(tmp_path, {f"c/p{number}": TEXTS for number in range(6)})
    ticks: list[int] = []
    found = check(files, Script(), Options(rare=0), lambda: ticks.append(1), "script")
    assert (found.findings, found.characters, found.doubtful) == ((), (), ())
    assert (found.pages, found.lines, found.cer, found.model) == (6, 36, 0.0, "script")
    assert found.serious == 0
    assert len(ticks) == 6


def test_without_a_model_nothing_is_read(tmp_path: Path) -> None:
    found = check(corpus(tmp_path, {"p1": TEXTS}), options=Options(rare=0))
    assert (found.findings, found.cer, found.model) == ((), None, None)


def altered(tmp_path: Path, change: dict[str, object], *, image: bool = True) -> Check:
    first = line(0, TEXTS[0])
    write(tmp_path, "p1", page([replace(first, **change), TEXTS[1]], "p1.png"), image=image)  # type: ignore[arg-type]
    return check(register([tmp_path]), Script(), Options(rare=0))


@pytest.mark.parametrize(
    ("change", "kind", "serious"),
    [
        ({"polygon": None, "baseline": None}, "place", True),
        ({"baseline": None}, "baseline", False),
        ({"polygon": None}, "polygon", False),
        ({"words": ()}, "text", False),
        ({"words": line(0, "Dupont &amp; fils").words}, "entity", True),
    ],
)
def test_lines_that_lack_something_are_found(
    change: dict[str, object], kind: str, serious: bool, tmp_path: Path
) -> None:
    finding = one(altered(tmp_path, change), kind)
    assert (finding.page, finding.line, finding.serious) == ("p1", "l0", serious)


def test_a_line_that_cannot_be_cut_out_is_found(tmp_path: Path) -> None:
    write(tmp_path, "p1", page([line(0, "un", width=1), TEXTS[1]], "p1.png"))
    assert one(check(register([tmp_path]), Script(), Options(rare=0)), "cut").line == "l0"


def test_lines_that_only_htr_has_read_are_no_truth(tmp_path: Path) -> None:
    lines = [line(0, "misread"), line(1, TEXTS[1], corrected=True), line(2, "un", width=1)]
    write(tmp_path, "p1", page(lines, "p1.png", read_by_htr=True))
    found = check(register([tmp_path]), Script(), Options(rare=0))
    assert found.findings == ()
    assert found.cer == 0.0


def test_missing_and_bad_images_are_found(tmp_path: Path) -> None:
    write(tmp_path, "p1", page(TEXTS, "none.png"), image=False)
    write(tmp_path, "p2", page(TEXTS, "p2.png"))
    (tmp_path / "p2.png").write_text("no image")
    found = check(register([tmp_path]), Script(), Options(rare=0))
    assert [(finding.kind, finding.page) for finding in found.findings] == [
        ("image", "p1"),
        ("image", "p2"),
    ]
    assert "none.png" in found.findings[0].note


@pytest.mark.parametrize(("height", "there"), [(379, set()), (340, {"image-size"})])
def test_an_image_of_another_size_is_found(height: int, there: set[str], tmp_path: Path) -> None:
    write(tmp_path, "p1", page(TEXTS, "p1.png"))
    Image.open(tmp_path / "p1.png").crop((0, 0, 400, height)).save(tmp_path / "p1.png")
    found = check(register([tmp_path]), None, Options(rare=0))
    assert kinds(found) == there


def test_pages_that_cannot_be_read_are_found(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"p1": TEXTS, "p2": TEXTS})
    files[0].path.write_text("<alto>")
    found = check(files, Script(), Options(rare=0))
    assert (one(found, "unreadable").page, found.lines) == ("p1", 6)


def test_a_page_without_lines_is_found(tmp_path: Path) -> None:
    found = check(corpus(tmp_path, {"p1": [], "p2": TEXTS}), Script(), Options(rare=0))
    assert one(found, "no-lines").page == "p1"


def test_mixed_unicode_forms_are_found_on_the_fewer_lines(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"p1": TEXTS, "p2": TEXTS, "p3": TEXTS[:1]})
    text = files[0].path.read_text(encoding="utf-8")
    files[0].path.write_text(text.replace("état", "e\u0301tat"), encoding="utf-8")
    found = check(files, None, Options(rare=0))
    finding = one(found, "forms")
    assert (finding.page, finding.note) == ("p1", "1 line in NFD, unlike most")


def test_one_form_all_through_is_not_mixed(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"p1": ["l'état"], "p2": ["été"]})
    for file in files:
        text = file.path.read_text(encoding="utf-8")
        file.path.write_text(text.replace("é", "e\u0301"), encoding="utf-8")
    assert check(files, None, Options(rare=0)).findings == ()


def test_a_text_too_long_for_its_image_is_found_with_a_picture(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"p1": TEXTS})
    found = check(files, Script(pixels=11), Options(rare=0))
    fits = [finding for finding in found.findings if finding.kind == "fit"]
    assert [finding.line for finding in fits] == ["l1", "l2", "l5"]
    assert fits[0].note == "32 steps of the network for a text that needs 34"
    assert all(finding.picture for finding in fits)


def shifted(content: Sequence[str]) -> list[str]:
    return [*content[1:], content[0]]


def test_a_page_whose_text_is_another_ones_is_doubtful(tmp_path: Path) -> None:
    pages: dict[str, Sequence[str]] = {f"c/p{number}": TEXTS for number in range(8)}
    found = check(
        corpus(tmp_path, {**pages, "c/wrong": ["Ceci est mon testament olographe"] * 6}),
        Script(),
        Options(rare=0),
    )
    (doubtful,) = found.doubtful
    assert (doubtful.page, doubtful.usual) == ("c/wrong", 0.0)
    assert doubtful.cer > 0.6
    assert len(doubtful.worst) == 5
    assert doubtful.worst[0].cer >= doubtful.worst[-1].cer
    assert doubtful.worst[0].reading in TEXTS
    assert doubtful.worst[0].picture
    assert found.serious == 1


def test_lines_that_slipped_by_one_are_found_with_the_line_they_belong_to(tmp_path: Path) -> None:
    found = check(corpus(tmp_path, {"p1": shifted(TEXTS), "p2": TEXTS}), Script(), Options(rare=0))
    slipped = [finding for finding in found.findings if finding.kind == "elsewhere"]
    assert [(finding.page, finding.line) for finding in slipped] == [
        ("p1", f"l{number}") for number in range(6)
    ]
    assert slipped[1].note == f"the image shows the text of line l0: {TEXTS[1]}"


def test_a_line_with_far_more_text_than_usual_is_found(tmp_path: Path) -> None:
    texts: list[str] = ["le sieur Martin dit"] * 40 + ["par devant nous maire " * 6]
    found = check(corpus(tmp_path, {"p1": texts}), None, Options(rare=0))
    finding = one(found, "density")
    assert (finding.line, finding.serious) == ("l40", False)
    assert "times more" in finding.note


def test_characters_that_the_model_cannot_read_are_listed(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"p1": [TEXTS[0], "Žižka"]})
    found = check(files, Script(), Options(rare=0))
    assert {odd.character for odd in found.characters} == set("Žžk")
    found = check(files, None, Options(rare=2))
    assert {"Ž", "ž", "k"} <= {odd.character for odd in found.characters}
    assert found.serious == 0


def test_confusable_letters_count_as_mistakes(tmp_path: Path) -> None:
    found = check(corpus(tmp_path, {"p1": ["Jeаn Martin"]}), None, Options(rare=0))
    assert [(odd.character, odd.reasons) for odd in found.characters] == [("а", ("confusable",))]
    assert found.serious == 1
