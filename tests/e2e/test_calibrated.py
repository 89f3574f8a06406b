"""A model of one's own, calibrated on the sample register, reads with confidences that say so."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from htr.api import evaluate, read_page, transcribe
from htr.cli import main
from htr.engine import models
from htr.resources import data_folder

pytestmark = pytest.mark.model


def test_the_sample_calibrates_a_model_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    sample = data_folder("sample")
    own = tmp_path / "own.mlmodel"
    shutil.copy(models.recogniser(None).path, own)
    with pytest.raises(SystemExit) as end:
        main(["calibrate", str(own), str(sample), "--language-model", "none", "-q"])
    assert end.value.code == 0, capsys.readouterr().err
    calibration = models.recogniser(str(own)).calibration
    assert calibration is not None
    assert calibration.lines > 60
    assert calibration.words is not None
    assert calibration.pages is None  # of five pages

    page = tmp_path / "page"
    page.mkdir()
    for suffix in (".jpg", ".xml"):
        shutil.copy(sample / f"cloture-1875{suffix}", page)
    settings: dict[str, Any] = {"keep_layout": True, "language_model": "none"}
    for name, model in (("plain", "bare.mlmodel"), ("calibrated", "own.mlmodel")):
        path = tmp_path / model
        if not path.exists():
            shutil.copy(own, path)
        summary = transcribe([page], tmp_path / name, model=str(path), **settings)
        assert summary.done == 1
    plain = read_page(tmp_path / "plain" / "cloture-1875.xml")
    read = read_page(tmp_path / "calibrated" / "cloture-1875.xml")
    assert read.text == plain.text
    said = {name: dict(one.steps[-1].settings) for name, one in (("p", plain), ("c", read))}
    assert "calibration" not in said["p"]
    assert said["c"]["calibration"] == calibration.summary()
    errors = []
    for name in ("plain", "calibrated"):
        found = evaluate(page, tmp_path / name, normalisation="loose").trust
        assert found is not None
        errors.append(found.words.error)
    assert errors[0] != errors[1]
    records = (tmp_path / "calibrated" / "run.jsonl").read_text().splitlines()
    assert json.loads(records[0])["expected_cer"] is None
