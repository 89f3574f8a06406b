"""Models by name or path, checked against their index."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from htr.engine import models
from htr.errors import BrokenModel, UnknownModel
from htr.resources import data_folder


def test_the_index_tells_the_truth_about_every_file() -> None:
    shipped = models.shipped()
    defaults = [model.task for model in shipped if model.default]
    assert sorted(set(defaults)) == sorted(defaults)
    assert "recognition" in defaults
    for model in shipped:
        data = model.path.read_bytes()
        assert len(data) == model.size
        assert hashlib.sha256(data).hexdigest() == model.sha256
        for language in ("en", "fr"):
            assert model.licence.replace("-", " ", 1)[:5] in model.card_text(language)
            assert model.summary[language]


def test_every_weight_file_is_in_the_index() -> None:
    files = {path.name for path in data_folder("models").glob("*.mlmodel")}
    files |= {path.name for path in data_folder("models").glob("*.safetensors")}
    files |= {path.name for path in data_folder("models").glob("*.npz")}
    assert files == {model.file for model in models.shipped()}


def test_the_default_and_names_and_paths_are_found(tmp_path: Path) -> None:
    default = models.recogniser(None)
    assert models.recogniser(default.name) == default
    own = tmp_path / "own.mlmodel"
    own.write_bytes(b"weights")
    assert models.recogniser(str(own)).sha256 == hashlib.sha256(b"weights").hexdigest()


def test_krakens_own_segmenter_is_found_without_importing_kraken() -> None:
    assert models.segmenter(None).name == "blla.mlmodel"


@pytest.mark.parametrize("name", ["none-such", "none/such.mlmodel", "none-such.safetensors"])
def test_unknown_models_are_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(UnknownModel, match="htr models list"):
        models.recogniser(name)


def test_a_shipped_file_that_was_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = (data_folder("models") / "index.toml").read_text(encoding="utf-8")
    (tmp_path / "index.toml").write_text(index, encoding="utf-8")
    (model,) = [entry for entry in tomllib.loads(index)["model"] if entry.get("default")]
    (tmp_path / model["file"]).write_bytes(b"something else")
    monkeypatch.setattr(models, "data_folder", lambda _name: tmp_path)
    with pytest.raises(BrokenModel, match=model["file"]):
        models.recogniser(None)


CALIBRATED = """
name = "own"
sha256 = "of weights that came before"
[calibration]
sha256 = "{sha256}"
temperature = 1.5
lines = 30
date = "2026-11-25"
"""


def test_what_lies_beside_a_model_of_ones_own_calibrates_it(tmp_path: Path) -> None:
    own = tmp_path / "own.mlmodel"
    own.write_bytes(b"weights")
    assert models.recogniser(str(own)).calibration is None
    text = CALIBRATED.format(sha256=hashlib.sha256(b"weights").hexdigest())
    (tmp_path / "own.toml").write_text(text)
    found = models.recogniser(str(own)).calibration
    assert found is not None
    assert (found.temperature, found.lines) == (1.5, 30)
    own.write_bytes(b"other weights")
    assert models.recogniser(str(own)).calibration is None


@pytest.mark.parametrize(
    "text", ["calibration = [", "calibration = 3", '[calibration]\nsha256 = "{sha256}"\nheat = 1']
)
def test_what_cannot_be_read_beside_a_model_is_named(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.mlmodel"
    own.write_bytes(b"weights")
    sha256 = hashlib.sha256(b"weights").hexdigest()
    (tmp_path / "own.toml").write_text(text.replace("{sha256}", sha256))
    with pytest.raises(BrokenModel, match=r"own\.toml"):
        models.recogniser(str(own))


def test_a_calibration_of_other_weights_does_not_count() -> None:
    for model in models.shipped():
        known = tomllib.loads(models.index_path().read_text(encoding="utf-8"))["model"]
        (table,) = [one for one in known if one["name"] == model.name]
        fits = table.get("calibration", {}).get("sha256") == model.sha256
        assert (model.calibration is not None) == fits
