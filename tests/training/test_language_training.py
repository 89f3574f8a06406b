"""`htr train --task language`: from text, pages and tars to a file that reads."""

import io
from pathlib import Path

import numpy as np
import pytest

from htr.cli import main
from htr.corpus.lines import Choice
from htr.corpus.tars import write_tar
from htr.corpus.text_line import TextLine
from htr.document.page import ImageRef, Line, Page, Region, Step
from htr.engine.language.automaton import LanguageModel
from htr.engine.language.ngrams import unpacked
from htr.errors import InputError, NothingToDo, SettingsError, UsageProblem
from htr.formats import write_alto
from htr.formats.words import plain_words
from htr.training.language.settings import LanguageSettings
from htr.training.language.texts import read_texts
from htr.training.language.train import perplexity_of, train_language
from htr.training.recipes import from_recipe

LOOSE = Choice(normalisation="loose", left_out=("XXX",))
TEXT = [f"Par devant nous, maire de la commune n° {number % 7}" for number in range(200)]


def alto(path: Path, *lines: Line, steps: tuple[Step, ...] = ()) -> None:
    page = Page("p", ImageRef("p.jpg", 100, 100), (Region("r", lines=lines),), steps=steps)
    path.write_bytes(write_alto(page))


def line(name: str, text: str, *, corrected: bool = False) -> Line:
    return Line(name, words=plain_words(text), corrected=corrected)


def test_text_comes_from_files_pages_and_tars_and_only_once(tmp_path: Path) -> None:
    plain = tmp_path / "a.txt"
    plain.write_text("Dud^t jour\n\nXXX\nl’an mil\n", encoding="utf-8")
    pages = tmp_path / "pages"
    pages.mkdir()
    alto(pages / "p1.xml", line("l1", "l'an mil"), line("l2", "huit cent"))
    rows = [
        TextLine(b"RIFF", "de la mairie", page="t/1", split="train"),
        TextLine(b"RIFF", "gardé pour la fin", page="t/2", split="val"),
    ]
    buffer = io.BytesIO()
    write_tar(rows, buffer)
    (tmp_path / "lines.tar").write_bytes(buffer.getvalue())
    found = read_texts([plain, pages, tmp_path / "lines.tar"], LOOSE)
    lines = [text for page in found for text in page.lines]
    assert lines == ["Dudt jour", "l'an mil", "huit cent", "de la mairie"]


def test_of_pages_that_htr_read_only_corrected_lines_count(tmp_path: Path) -> None:
    read = Step("recognition", "text", software="htr")
    both = (line("l1", "lu par la machine"), line("l2", "vu par un homme", corrected=True))
    alto(tmp_path / "p.xml", *both, steps=(read,))
    (page,) = read_texts([tmp_path], LOOSE)
    assert page.lines == ("vu par un homme",)


def test_sources_without_text_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "a.txt"
    empty.write_text("\n", encoding="utf-8")
    with pytest.raises(NothingToDo):
        read_texts([empty], LOOSE)
    empty.write_bytes("é".encode("latin-1"))
    with pytest.raises(InputError):
        read_texts([empty], LOOSE)


def test_a_model_foretells_text_of_its_kind(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("\n".join(TEXT), encoding="utf-8")
    summary = train_language([source], tmp_path / "lm.npz", LanguageSettings(order=5, held_out=0.3))
    assert summary.lines == len(TEXT)
    assert summary.perplexity is not None
    assert summary.perplexity < 2
    model = LanguageModel(unpacked(summary.output.read_bytes(), summary.output))
    assert perplexity_of(model, TEXT[:5]) < perplexity_of(model, [x[::-1] for x in TEXT[:5]]) / 5


def test_perplexity_is_the_mean_over_letters_and_ends() -> None:
    class Even:
        start = 0

        def symbol(self, _letter: str) -> int:
            return 0

        def step(self, states: np.ndarray, _symbols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return states, np.full(len(states), 1 / 8)

        def end(self, states: np.ndarray) -> np.ndarray:
            return np.full(len(states), 1 / 8)

    assert perplexity_of(Even(), ["ab", "c"]) == pytest.approx(8)  # type: ignore[arg-type]


def test_orders_that_fit_no_number_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("".join(map(chr, range(300, 500))) * 2, encoding="utf-8")
    with pytest.raises(SettingsError):
        train_language([source], tmp_path / "lm.npz", LanguageSettings(order=12))


def test_the_shipped_recipe_is_one_and_others_are_refused(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "models/recipes/french-registers-lm.toml"
    assert from_recipe(shipped, LanguageSettings()).order >= 6
    wrong = tmp_path / "r.toml"
    wrong.write_text("orders = 7\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        from_recipe(wrong, LanguageSettings())
    assert "orders" in str(caught.value)


def test_the_command_writes_a_model_and_says_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.txt"
    source.write_text("\n".join(TEXT), encoding="utf-8")
    command = ["train", str(source), "--task", "language", "-o", str(tmp_path / "own")]
    with pytest.raises(SystemExit) as end:
        main([*command, "--order", "4", "--prune", "2", "--held-out", "0.4"])
    assert end.value.code == 0
    said = capsys.readouterr().err
    assert "Perplexity" in said
    assert "own.npz" in said
    assert (tmp_path / "own.npz").is_file()
    with pytest.raises(SystemExit) as end:
        main([*command, "--patience", "3"])
    assert end.value.code == UsageProblem.exit_code
