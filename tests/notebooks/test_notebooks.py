"""Every tutorial runs from beginning to end and shows what it promises."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jupytext  # type: ignore[import-untyped]
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from htr.api import evaluate, read_page
from htr.resources import data_folder

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
TIMEOUT = 1200  # seconds a cell: a page or two on a busy machine

pytestmark = pytest.mark.model


class Executed:
    """A notebook with its outputs, and the folder that it ran in."""

    def __init__(self, name: str, cells: list[Any], folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.outputs = [output for cell in cells for output in cell.get("outputs", [])]
        self.text = "".join(one["text"] for one in self.outputs if one["output_type"] == "stream")
        self.figures = [one for one in self.outputs if "image/png" in one.get("data", {})]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Executed]:
    """Return what executes a notebook by its name, once."""
    return cache(lambda name: execute(FOLDER / f"{name}.py", tmp_path_factory))


@pytest.fixture(params=sorted(path.stem for path in FOLDER.glob("*.py")))
def executed(request: pytest.FixtureRequest, run: Callable[[str], Executed]) -> Executed:
    return run(request.param)


def execute(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Executed:
    folder = tmp_path_factory.mktemp(path.stem)
    notebook = jupytext.read(path)
    # Without folders to look in, `python3` is the kernel of this very interpreter.
    kernel = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
    )
    client = NotebookClient(
        notebook, km=kernel, timeout=TIMEOUT, resources={"metadata": {"path": str(folder)}}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("MPLBACKEND", raising=False)  # figures go into the notebook
        client.execute(cleanup_kc=True)
    return Executed(path.stem, notebook.cells, folder)


def test_notebook_ends_without_an_error(executed: Executed) -> None:
    assert executed.outputs
    assert not [one for one in executed.outputs if one["output_type"] == "error"]
    assert not [one for one in executed.outputs if one.get("name") == "stderr"]


def test_notebook_shows_figures(executed: Executed) -> None:
    assert executed.figures


def test_first_pages_lists_the_ten_most_doubtful_words(run: Callable[[str], Executed]) -> None:
    executed = run("01-first-pages")
    (alto,) = (executed.folder / "first-pages").glob("*.xml")
    words = [
        word for line in read_page(alto).lines for word in line.words if word.confidence is not None
    ]
    doubtful = sorted(words, key=lambda word: word.confidence or 0.0)[:10]
    assert len(doubtful) == 10
    listed = "".join(
        f"{rank:>2}  {word.confidence or 0.0:>4.0%}  {word.text}\n"
        for rank, word in enumerate(doubtful, 1)
    )
    assert listed in executed.text


def test_first_pages_says_how_good_the_reading_is(run: Callable[[str], Executed]) -> None:
    executed = run("01-first-pages")
    assert "CER  characters · caractères: " in executed.text
    assert "Ground truth · Vérité de terrain" in executed.text


def test_one_hand_reads_an_unseen_page_better(run: Callable[[str], Executed]) -> None:
    executed = run("02-one-hand")
    truth = data_folder("sample") / "mariage-1811.xml"
    before, after = (
        evaluate(truth, executed.folder / when / truth.name, normalisation="loose").scores.cer
        for when in ("before", "after")
    )
    assert before is not None
    assert after is not None
    assert after < 0.9 * before
    assert f"CER before · avant: {before:.1%}" in executed.text
    assert f"CER after · après:  {after:.1%}" in executed.text


def test_one_hand_leaves_a_model_with_its_report_and_cards(run: Callable[[str], Executed]) -> None:
    executed = run("02-one-hand")
    suffixes = (".mlmodel", ".html", ".md", ".fr.md", ".log.jsonl", ".toml")
    assert {path.name for path in executed.folder.glob("my-hand*")} == {
        f"my-hand{suffix}" for suffix in suffixes
    }
    assert "10 pages, 125 lines" in executed.text
    assert "Held out: 3 of 10 pages" in executed.text
