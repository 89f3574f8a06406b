"""A wheel that is installed elsewhere brings its model, sample and messages along."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROBE = """
import htr
from htr.corpus.descriptors import known
from htr.engine.models import recogniser
from htr.i18n import _
from htr.resources import data_folder
print(htr.__file__)
print(recogniser(None).path)
print(len(list(data_folder("sample").glob("*.jpg"))))
print(len(known()))
print(_("There is no such file."))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_it_finds_its_model_sample_and_messages(installed: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=installed.parent,
        env={**os.environ, "PYTHONPATH": str(installed), "HTR_LANG": "fr"},
        capture_output=True,
        text=True,
        check=True,
    )
    module, model, pages, corpora, message = result.stdout.splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(model).is_relative_to(installed)
    assert int(pages) >= 4
    assert int(corpora) >= 8
    assert message == "Ce fichier n'existe pas."


def test_it_brings_the_templates_of_its_reports(installed: Path) -> None:
    templates = installed / "htr" / "training" / "report" / "templates"
    assert {path.name for path in templates.iterdir()} == {"report.html", "style.css"}


def test_its_metadata_say_what_it_is(installed: Path) -> None:
    (metadata,) = installed.glob("htr-*.dist-info/METADATA")
    text = metadata.read_text(encoding="utf-8")
    assert "License-Expression: Apache-2.0" in text
    assert "Requires-Python: <3.14,>=3.11" in text
    assert "Requires-Dist: kraken<8,>=7.1" in text
