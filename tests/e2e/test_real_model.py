"""The whole way with the real networks: the sample register, and real pages where they are."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from htr.api import evaluate, read_page
from htr.engine import models
from htr.resources import data_folder

pytestmark = pytest.mark.model
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# Three hands and layouts: prose, a table of many columns, a double page.
REAL = (
    "timeuscorpus/timeuscorpus_00598de9",
    "fondue-fr-mss-18/fondue_fr_mss_18_22a2da2e",
    "cremma-mss-18/cremma_mss_18_7bffd9a9",
)


def htr(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "htr", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HTR_LANG": "en"},
    )


@pytest.fixture(scope="module")
def transcribed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("sample")
    result = htr("demo", "-o", output)
    assert result.returncode == 0, result.stderr
    pages = {path.stem for path in data_folder("sample").glob("*.jpg")}
    assert {path.stem for path in output.glob("*.xml")} == pages
    assert len(pages) >= 4
    assert str(output) in result.stdout
    assert "CER" in result.stdout
    return output


def rates(output: Path, match: Literal["lines", "page"]) -> dict[str, float]:
    found = evaluate(data_folder("sample"), output, normalisation="loose", match=match)
    assert not found.missing
    return {page.name: page.scores.cer or 0.0 for page in found.pages}


def test_lines_are_found_and_read_about_as_well_as_the_card_promises(transcribed: Path) -> None:
    assert all(0.02 < rate < 0.4 for rate in rates(transcribed, "lines").values())


def test_prose_is_in_reading_order(transcribed: Path) -> None:
    # kraken reads a table down its columns, the truth has its rows: another order, not a fault.
    by_page = {
        name: rate for name, rate in rates(transcribed, "page").items() if "table" not in name
    }
    assert len(by_page) > 3
    assert all(rate < 0.45 for rate in by_page.values()), by_page


def test_everything_has_a_confidence_and_a_place_on_the_page(transcribed: Path) -> None:
    for path in sorted(transcribed.glob("*.xml")):
        page = read_page(path)
        assert page.confidence is not None
        assert 0.3 < page.confidence < 1
        assert (path.parent / page.image.name).is_file()
        assert [step.kind for step in page.steps] == ["layout", "recognition"]
        assert all(dict(step.settings)["sha256"] for step in page.steps)
        words = [word for line in page.lines for word in line.words]
        assert len(words) > 20
        assert len({line.id for line in page.lines}) == len(list(page.lines))
        for word in words:
            assert word.box is not None
            assert word.confidence is not None
            assert 0 <= word.confidence <= 1
            assert word.space is None or word.space.confidence is not None
            for glyph in word.glyphs:
                assert glyph.confidence is not None
                assert glyph.polygon is not None
                assert glyph.box is not None
                assert -30 <= glyph.box.left <= glyph.box.right <= page.image.width + 30
                assert -30 <= glyph.box.top <= glyph.box.bottom <= page.image.height + 30


def test_words_stand_where_the_truth_has_them(transcribed: Path) -> None:
    """The boxes of words that were read right overlap the truth's, most by more than half."""
    overlaps = []
    for truth in sorted(data_folder("sample").glob("*.xml")):
        wanted = [word for line in read_page(truth).lines for word in line.words]
        for line in read_page(transcribed / truth.name).lines:
            for word in line.words:
                same = [other for other in wanted if other.text == word.text and len(word.text) > 3]
                best = max(
                    (
                        other.box.intersection(word.box) / (other.box.width * other.box.height)
                        for other in same
                        if other.box and word.box
                    ),
                    default=None,
                )
                if best is not None:
                    overlaps.append(best)
    assert len(overlaps) > 50
    assert sorted(overlaps)[len(overlaps) // 2] > 0.5


def script(name: str, *arguments: Path) -> str:
    result = subprocess.run(
        [sys.executable, str(BENCHMARKS / name), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


def test_the_alto_is_valid_against_all_three_schemas(transcribed: Path, schemas: Path) -> None:
    pages = len(list(transcribed.glob("*.xml")))
    said = script("valid_alto.py", transcribed, schemas)
    assert f"{pages} files, 0 failures against 4-2, 4-3, 4-4" in said


def test_a_second_run_has_nothing_left_to_do(transcribed: Path) -> None:
    result = htr("transcribe", data_folder("sample"), "-o", transcribed, "--json")
    assert result.returncode == 0
    summary = json.loads(result.stdout)
    assert (summary["done"], summary["unchanged"]) == (0, summary["pages"])


def test_with_the_layout_kept_the_text_is_krakens_own(corpora: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    for name in REAL:
        for suffix in (".jpg", ".xml"):
            source = corpora / "test" / f"{name}{suffix}"
            target = pages / f"{name}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    bare = ("--keep-layout", "--language-model", "none", "-j", "1")
    result = htr("transcribe", pages, "-r", *bare, "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    said = script("same_as_kraken.py", pages, tmp_path / "out")
    assert "100.00% with white space folded" in said, said


@pytest.mark.parametrize("task", ["segmenter", "recogniser"])
def test_models_for_another_job_are_refused_before_the_first_page(
    task: str, tmp_path: Path
) -> None:
    wrong = models.recogniser(None) if task == "segmenter" else models.segmenter(None)
    option = "--segmenter" if task == "segmenter" else "--model"
    result = htr("transcribe", data_folder("sample"), "-o", tmp_path, option, wrong.path)
    assert result.returncode == 4, result.stderr
    assert wrong.path.name in result.stderr
    assert not list(tmp_path.glob("*.xml"))
