"""Whether a page is still to do, by the file on the disk."""

from dataclasses import replace
from pathlib import Path

import pytest
from batch_work import SPEC, job
from PIL import Image

from htr.batch.standing import expected, standing
from htr.document.confidence import WordRule
from htr.document.page import Step
from htr.document.page_error import PageRule
from htr.engine.calibration import Calibration
from htr.engine.models import ModelFile
from htr.formats import read, write_alto
from htr.imaging.source import Source
from htr.pipeline.job import PageJob, run_job


@pytest.fixture
def done(tmp_path: Path) -> PageJob:
    Image.new("L", (200, 100), 255).save(tmp_path / "p1.png")
    page = job(tmp_path, "p1")
    assert run_job(page).status == "done"
    return page


CALIBRATED = replace(
    SPEC.recogniser,
    calibration=Calibration(
        lines=30,
        date="2026-11-25",
        words=WordRule(0.0, 1.0, 0.0, 0.0, 0.0),
        pages=PageRule(0.0, 1.0, 0.01, 0.01, 1.0, 1.7, 12),
    ),
)


def state(page: PageJob, force: bool = False, overwrite: bool = False) -> str:
    return standing(page, force=force, overwrite_corrections=overwrite)


def test_done_pages_are_unchanged_until_forced(done: PageJob) -> None:
    assert state(done) == "unchanged"
    assert state(done, force=True) == "to do"


def test_pages_without_a_file_are_to_do(done: PageJob) -> None:
    done.output.unlink()
    assert state(done) == "to do"


def test_other_bytes_models_or_settings_are_to_do(done: PageJob) -> None:
    other = ModelFile("fake", Path("fake"), "0" * 64)
    assert state(replace(done, engine=replace(SPEC, recogniser=other))) == "to do"
    assert state(replace(done, engine=replace(SPEC, segmenter=other))) == "to do"
    assert state(replace(done, engine=replace(SPEC, direction="rtl"))) == "to do"
    assert state(replace(done, layout=done.output)) == "to do"
    assert state(replace(done, engine=replace(SPEC, device="mps", threads=7))) == "unchanged"
    Image.new("L", (200, 100), 254).save(done.source.path)
    assert state(done) == "to do"


def test_another_calibration_is_to_do_and_the_same_one_is_not(done: PageJob) -> None:
    assert expected(done.output) is None
    other = replace(done, engine=replace(SPEC, recogniser=CALIBRATED))
    assert state(other) == "to do"
    result = run_job(other)
    assert result.expected is not None
    assert state(other) == "unchanged"
    assert state(done) == "to do"
    read_back = expected(other.output)
    assert read_back == result.expected
    (step,) = [step for step in read(other.output.read_bytes()).steps if step.kind == "recognition"]
    settings = dict(step.settings)
    assert settings["calibration"].startswith("temperature 1, fitted on 30 lines on 2026-11-25")
    assert float(settings["expected CER"]) == result.expected.cer


def test_frames_need_their_picture(tmp_path: Path) -> None:
    frames = [Image.new("L", (200, 100), 255), Image.new("L", (200, 120), 255)]
    frames[0].save(tmp_path / "r.tif", save_all=True, append_images=frames[1:])
    page = replace(
        job(tmp_path, "r-0002"),
        source=Source(tmp_path / "r.tif", 1),
        picture=tmp_path / "out" / "images" / "r-0002",
    )
    assert run_job(page).error is None
    assert state(page) == "unchanged"
    assert read(page.output.read_bytes()).image.name == "images/r-0002.png"
    (tmp_path / "out" / "images" / "r-0002.png").unlink()
    assert state(page) == "to do"


def test_corrected_pages_are_kept_whatever_is_forced(done: PageJob) -> None:
    page = read(done.output.read_bytes())
    correction = Step("correction", "text of 1 line", agency="Mme Martin")
    done.output.write_bytes(write_alto(replace(page, steps=(*page.steps, correction))))
    assert state(done) == "kept"
    assert state(done, force=True) == "kept"
    assert state(done, force=True, overwrite=True) == "to do"


@pytest.mark.parametrize("content", ["<alto/>", "not XML", "", "<TEI><text/></TEI>"])
def test_files_of_others_are_kept(done: PageJob, content: str) -> None:
    done.output.write_text(content)
    assert state(done, force=True) == "kept"
    assert state(done, overwrite=True) == "to do"
