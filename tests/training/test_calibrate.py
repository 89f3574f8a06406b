"""A calibration finds what is wrong with a network that is known, and is kept with the model."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from simulated_reader import BOLDNESS, simulated

from htr.cli import main
from htr.corpus.tars import write_tar
from htr.corpus.text_line import TextLine
from htr.engine import EngineSpec, LanguageSpec, models
from htr.engine.calibration import UNCALIBRATED, Calibration
from htr.engine.models import FAKE, ModelFile
from htr.errors import BrokenModel, NothingToDo, OutputError
from htr.training import calibrate, entries, line_readings

SPEC = EngineSpec(FAKE, FAKE)


@pytest.fixture(scope="module")
def known() -> tuple[Any, list[TextLine]]:
    return simulated(144, pages=24)


@pytest.fixture
def lines(known: tuple[Any, list[TextLine]], monkeypatch: pytest.MonkeyPatch) -> list[TextLine]:
    monkeypatch.setattr(line_readings, "line_reader", lambda _spec, _calibration: known[0])
    return known[1]


@pytest.fixture
def tar(tmp_path: Path) -> Callable[[list[TextLine]], Path]:
    def write(lines: list[TextLine]) -> Path:
        with (tmp_path / "lines.tar").open("wb") as file:
            write_tar(lines, file)
        return tmp_path / "lines.tar"

    return write


def test_a_bold_network_is_cooled_and_then_means_what_it_says(lines: list[TextLine]) -> None:
    seen: list[int] = []
    fit = calibrate.calibrate(SPEC, lines, "2026-11-25", seen.append).plain
    assert fit.calibration.temperature == pytest.approx(BOLDNESS, rel=0.2)
    assert (fit.lines, fit.pages, fit.groups, sum(seen)) == (144, 24, 4, 144)
    assert fit.calibration.lines == 144
    for before, after in (
        (fit.before.glyphs, fit.after.glyphs),
        (fit.before.words, fit.after.words),
    ):
        assert before is not None
        assert after is not None
        assert before.error > 0.05
        assert after.error < before.error / 2
    assert fit.calibration.pages is not None
    assert fit.calibration.pages.pages == 24


def test_readings_with_a_language_model_have_values_of_their_own(lines: list[TextLine]) -> None:
    fits = calibrate.calibrate(replace(SPEC, language=LanguageSpec()), lines, "2026-11-25")
    both = fits.beside()
    other = both.with_language
    assert other is not None
    assert other.temperature == 1.0
    # what the temperature does not do is left to the slope
    assert other.slope == pytest.approx(1 / BOLDNESS, rel=0.3)
    assert both.slope == pytest.approx(1, abs=0.2)
    assert replace(fits, with_language=None).beside(both) == both
    assert replace(fits, with_language=None).beside().with_language is None


def test_truth_is_compared_in_its_loose_form(lines: list[TextLine]) -> None:
    marked = [line.with_text(line.text + "^") for line in lines[:24]]
    plain = line_readings.readings(SPEC, lines[:24], 1.0).read
    assert line_readings.readings(SPEC, marked, 1.0).read == plain


def test_few_pages_calibrate_letters_and_foretell_nothing(lines: list[TextLine]) -> None:
    of_three = [line for line in lines if line.page.endswith(("p1", "p2", "p3"))]
    fit = calibrate.calibrate(SPEC, of_three, "2026-11-25").plain
    assert fit.groups == 3
    assert fit.calibration.words is not None
    assert fit.calibration.pages is None


def test_of_tars_the_lines_held_out_count(
    lines: list[TextLine], tar: Callable[[list[TextLine]], Path]
) -> None:
    marked = [
        replace(line, split="val" if number < 30 else "train")
        for number, line in enumerate(lines[:60])
    ]
    assert len(calibrate.held_out([tar(marked)])) == 30
    assert len(calibrate.held_out([tar(lines[:60])])) == 60
    with pytest.raises(NothingToDo, match="only 19"):
        calibrate.held_out([tar(lines[:19])])


def test_the_command_stores_it_beside_a_model_of_ones_own(
    lines: list[TextLine],
    tar: Callable[[list[TextLine]], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    own = tmp_path / "own.mlmodel"
    own.write_bytes(b"weights")
    (tmp_path / "own.toml").write_text('# mine\nname = "ours"\nlicence = "CC-BY-4.0"\n')
    with pytest.raises(SystemExit) as end:
        main(["calibrate", str(own), str(tar(lines))])
    out, err = capsys.readouterr()
    assert end.value.code == 0, err
    assert "own.toml" in out
    assert "144 lines of 24 pages" in out
    text = (tmp_path / "own.toml").read_text()
    assert text.startswith("# mine\n")
    table = tomllib.loads(text)
    assert (table["name"], table["licence"], table["file"]) == ("ours", "CC-BY-4.0", "own.mlmodel")
    found = models.recogniser(str(own)).calibration
    assert found is not None
    assert found.temperature == pytest.approx(BOLDNESS, rel=0.2)


INDEX = """# The models.
[[model]]
name = "a"
file = "a.mlmodel"
sha256 = "1"
[model.summary]
en = "A"

[[model]]
name = "b"
file = "b.mlmodel"
sha256 = "2"
"""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "index.toml"
    path.write_text(INDEX)
    monkeypatch.setattr(models, "data_folder", lambda _name: tmp_path)
    return path


def test_of_shipped_models_the_entry_is_changed_and_nothing_else(index: Path) -> None:
    model = ModelFile("a", index.with_name("a.mlmodel"), "1")
    for temperature in (1.2, 1.5):
        calibration = Calibration(temperature, lines=30, date="2026-11-25")
        assert entries.store(model, calibration) == index
    one, other = tomllib.loads(index.read_text())["model"]
    assert one["calibration"]["temperature"] == 1.5
    assert one["summary"] == {"en": "A"}
    assert other == {"name": "b", "file": "b.mlmodel", "sha256": "2"}
    text = index.read_text()
    assert text.startswith("# The models.\n")
    assert text.count("\n\n[") == text.count("\n[")


def test_where_htr_is_installed_the_index_is_left_alone(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "_own", lambda _index: False)
    with pytest.raises(OutputError, match="Copy the model file"):
        entries.store(ModelFile("a", index.with_name("a.mlmodel"), "1"), UNCALIBRATED)
    assert index.read_text() == INDEX


def test_an_entry_that_is_no_toml_is_kept(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("name = [")
    with pytest.raises(BrokenModel, match=r"own\.toml"):
        entries.store(ModelFile("own", tmp_path / "own.mlmodel", "1"), UNCALIBRATED)
    assert (tmp_path / "own.toml").read_text() == "name = ["
