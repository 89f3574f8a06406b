"""`htr train` from the command line: the files it leaves, what it says, and what it refuses."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from htr.api import write_page
from htr.cli import main
from htr.corpus.tars import write_tar
from htr.corpus.text_line import TextLine
from htr.document.geometry import Baseline, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Step, Word
from htr.engine.models import recogniser
from htr.training import network
from htr.training.recognition import usual_share

SPEC = "[1,16,0,1 Cr4,4,8,4,4 S1(1x0)1,3 Lbx24]"
SCRATCH = ("--from", "none", "--spec", SPEC, "--passes", "2", "--threads", "1")


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main([*map(str, arguments)])
    return int(str(end.value.code)), capsys.readouterr().err


def bars(text: str, number: int) -> TextLine:
    image = Image.new("L", (12 * len(text) + 8, 20), 230)
    for place, letter in enumerate(text):
        height = 4 * (1 + ord(letter) % 4)
        image.paste(20, (4 + 12 * place, 20 - height, 10 + 12 * place, 20))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return TextLine(buffer.getvalue(), text, page=f"p{number % 5}", document="d", id=f"l{number}")


def tar(path: Path, letters: str = "abcd") -> Path:
    texts = ["".join(letters[(n + k * k) % len(letters)] for k in range(5)) for n in range(60)]
    with path.open("wb") as file:
        write_tar((bars(text, number) for number, text in enumerate(texts)), file)
    return path


def test_a_training_leaves_a_model_its_report_its_log_and_its_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = call(capsys, "train", tar(tmp_path / "l.tar"), "-o", tmp_path / "hand", *SCRATCH)
    assert code == 0, said
    assert "Held out: " in said
    assert "CER on the held-out lines: " in said
    assert {path.name for path in tmp_path.iterdir()} >= {
        "hand.mlmodel",
        "hand.html",
        "hand.md",
        "hand.fr.md",
        "hand.log.jsonl",
    }
    assert recogniser(str(tmp_path / "hand.mlmodel")).calibration is None  # six lines are too few
    assert not list(tmp_path.glob("*checkpoint*"))
    model = network.load(recogniser(str(tmp_path / "hand.mlmodel")))
    assert network.alphabet(model) == set("abcd")
    moments = [json.loads(row) for row in (tmp_path / "hand.log.jsonl").read_text().splitlines()]
    assert [moment["seen"] for moment in moments] == sorted(moment["seen"] for moment in moments)
    typed = f"train {tmp_path / 'l.tar'} --output {tmp_path / 'hand'} --from none --spec "
    assert typed in (tmp_path / "hand.md").read_text(encoding="utf-8")


def test_the_confidences_of_a_model_are_calibrated_on_enough_held_out_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, model = tar(tmp_path / "l.tar"), tmp_path / "hand.mlmodel"
    learned = (*SCRATCH, "--no-curve", "--passes", "40", "--learning-rate", "0.03")
    code, said = call(capsys, "train", source, "-o", model, *learned, "--held-out", "0.4")
    assert code == 0, said
    found = recogniser(str(model)).calibration
    assert found is not None
    assert found.lines == 24


def test_new_letters_are_learned_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.mlmodel", tmp_path / "second.mlmodel"
    call(capsys, "train", tar(tmp_path / "l.tar"), "-o", first, *SCRATCH, "--no-curve")
    more = tar(tmp_path / "m.tar", "abcdſ")
    passes = ("--passes", "1", "--no-curve", "--threads", "1")
    code, said = call(capsys, "train", more, "-o", second, "--from", first, *passes)
    assert code == 0, said
    assert "1 character is new" in said
    assert "ſ (U+017F) in " in said
    assert network.alphabet(network.load(recogniser(str(second)))) == set("abcdſ")

    fixed = ("--fixed-alphabet", "--from", str(first))
    code, said = call(capsys, "train", more, "-o", second, *fixed, *passes)
    assert code == 0, said
    assert "left out" in said
    assert "is new" not in said  # nor is it said to be learned
    assert network.alphabet(network.load(recogniser(str(second)))) == set("abcd")


def test_a_recipe_gives_options_and_the_command_line_goes_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "r.toml"
    recipe.write_text(f'base = "none"\nspec = "{SPEC}"\npasses = 500\ncurve = false\n')
    command = ("train", tar(tmp_path / "l.tar"), "-o", tmp_path / "hand", "--recipe", recipe)
    code, said = call(capsys, *command, "--passes", "1", "--threads", "1")
    assert code == 0, said
    card = (tmp_path / "hand.md").read_text(encoding="utf-8")
    assert "passes 1," in card


def test_pages_can_be_left_out_by_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tar(tmp_path / "l.tar")
    short = ("--passes", "1", "--no-curve")
    code, said = call(
        capsys, "train", source, "-o", tmp_path / "m", *SCRATCH, *short, "--without", "p[0-2]"
    )
    assert code == 0, said
    assert " of 24 lines" in said  # those of two of five pages
    code, said = call(capsys, "train", source, "-o", tmp_path / "n", *SCRATCH, "--without", "*")
    assert code == 3


def test_what_only_the_machine_has_read_is_not_learned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Line(
        "l",
        Baseline(((5.0, 30.0), (90.0, 30.0))),
        Polygon(((5.0, 10.0), (90.0, 10.0), (90.0, 40.0), (5.0, 40.0))),
        (Word((Glyph("a"),)),),
    )
    steps = (Step("recognition", "text", software="htr"),)
    page = Page("p", ImageRef("p.png", 100, 50), (Region("r", lines=(line,)),), steps=steps)
    write_page(page, tmp_path / "alto" / "p.xml")
    code, said = call(capsys, "train", tmp_path / "alto", "-o", tmp_path / "hand", *SCRATCH)
    assert code == 3
    assert "only 0 lines" in said
    assert "--all-lines" in said
    assert not (tmp_path / "hand.mlmodel").exists()


def test_a_killed_training_goes_on(tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "htr", "train", str(tar(tmp_path / "l.tar"))),
        *("-o", str(tmp_path / "hand"), *SCRATCH[:-4], "--passes", "60", "--threads", "1"),
        *("--no-curve", "--patience", "1000", "-q"),
    ]
    place = tmp_path / "hand.mlmodel.checkpoint"
    with subprocess.Popen(command) as killed:
        while not place.exists():
            assert killed.poll() is None
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
    assert not (tmp_path / "hand.mlmodel").exists()
    subprocess.run([*command, "--resume"], check=True)
    moments = [json.loads(row) for row in (tmp_path / "hand.log.jsonl").read_text().splitlines()]
    seen = [moment["seen"] for moment in moments]
    assert seen[0] == 0
    assert len(set(seen)) == len(seen)
    assert not place.exists()


@pytest.mark.parametrize(("pages", "share"), [(2, 0.1), (9, 0.1), (10, 0.3), (20, 0.15), (60, 0.1)])
def test_three_pages_of_ten_are_held_out(pages: int, share: float) -> None:
    assert usual_share(pages) == pytest.approx(share)
