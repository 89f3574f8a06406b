"""Runs: only what is left is done, nothing is lost, and the log tells all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from batch_work import SPEC, work
from PIL import Image

from htr.batch.executors import SerialExecutor
from htr.batch.plan import Plan, plan
from htr.batch.runner import run, transcribe
from htr.batch.summary import Summary, Tally
from htr.cli.report_run import json_text, text
from htr.document.page import Step
from htr.document.page_error import PageRule
from htr.engine import EngineSpec
from htr.engine.calibration import Calibration
from htr.errors import BrokenModel, DiskFull, FolderInUse, NameClash, OutputError
from htr.formats import read, write_alto
from htr.pipeline import files, job
from htr.pipeline.job import PageResult, run_job
from htr.settings import TranscribeSettings

SETTINGS = TranscribeSettings(model="fake")


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(1, 5):
        Image.new("L", (200, 60 + 40 * number), 255).save(folder / f"p{number}.png")
    return folder


def go(
    scans: Path,
    output: Path,
    settings: TranscribeSettings = SETTINGS,
    spec: EngineSpec = SPEC,
) -> Summary:
    pages = plan([str(scans)], output, settings, spec)
    output.mkdir(exist_ok=True)
    return run(pages, output, settings, SerialExecutor(run_job))


def records(output: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (output / "run.jsonl").read_text().splitlines()]


def test_a_run_writes_a_file_and_a_record_a_page(scans: Path, tmp_path: Path) -> None:
    summary = go(scans, tmp_path / "out")
    assert (summary.pages, summary.done, summary.failed) == (4, 4, ())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "p1.xml", "p2.xml", "p3.xml", "p4.xml", "run.jsonl",
    ]  # fmt: skip
    first = records(tmp_path / "out")[0]
    assert first["status"] == "done"
    assert first["lines"] == 2
    assert set(first) == {
        "input", "page", "output", "status", "input_sha256", "output_sha256", "lines",
        "characters", "confidence", "expected_cer", "seconds", "cpu_seconds", "peak_memory_mb",
        "error", "finished",
    }  # fmt: skip
    page = read((tmp_path / "out" / "p1.xml").read_bytes())
    assert page.image.name == "../scans/p1.png"
    assert page.image.sha256 == first["input_sha256"]


def test_the_cer_to_be_expected_is_of_all_pages_also_of_those_done_before(
    scans: Path, tmp_path: Path
) -> None:
    rule = PageRule(0.0, 1.0, 0.01, 0.01, 1.0, 1.7, 12)
    calibration = Calibration(lines=30, date="2026-11-25", pages=rule)
    spec = replace(SPEC, recogniser=replace(SPEC.recogniser, calibration=calibration))
    output = tmp_path / "out"
    first = go(scans, output, spec=spec)
    assert first.expected is not None
    assert first.expected.low < first.expected.cer < first.expected.high
    assert "All pages: expected CER " in text(first)
    shown = json.loads(json_text(first))
    assert shown["expected_cer"]["cer"] == round(first.expected.cer, 4)
    assert all(page["expected_cer"] for page in shown["weakest"])
    assert all(record["expected_cer"] for record in records(output))
    (output / "p3.xml").unlink()
    again = go(scans, output, spec=spec)
    assert (again.done, again.unchanged) == (1, 3)
    assert again.expected == first.expected
    assert go(scans, tmp_path / "plain").expected is None


def test_a_second_run_does_only_what_is_left(scans: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    go(scans, output)
    before = {path.name: path.stat().st_mtime_ns for path in output.glob("*.xml")}
    (output / "p3.xml").unlink()
    summary = go(scans, output)
    assert (summary.done, summary.unchanged) == (1, 3)
    after = {path.name: path.stat().st_mtime_ns for path in output.glob("*.xml")}
    assert {name for name in before if before[name] != after[name]} == {"p3.xml"}
    assert len(records(output)) == 5


def test_a_bad_page_costs_itself(scans: Path, tmp_path: Path) -> None:
    (scans / "p2.png").write_bytes((scans / "p2.png").read_bytes()[:60])
    (scans / "p5.jpg").write_text("not an image")
    summary = go(scans, tmp_path / "out")
    assert summary.done == 3
    assert summary.causes == (("not-an-image", 1), ("damaged-image", 1))
    assert not (tmp_path / "out" / "p2.xml").exists()
    failures = [record for record in records(tmp_path / "out") if record["status"] == "failed"]
    assert all(record["error"] and record["finished"] for record in failures)


def test_corrections_survive_force(scans: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    go(scans, output)
    page = read((output / "p1.xml").read_bytes())
    corrected = write_alto(replace(page, steps=(*page.steps, Step("correction", "line 1"))))
    (output / "p1.xml").write_bytes(corrected)
    summary = go(scans, output, replace(SETTINGS, force=True))
    assert (summary.done, len(summary.kept)) == (3, 1)
    assert (output / "p1.xml").read_bytes() == corrected
    go(scans, output, replace(SETTINGS, overwrite_corrections=True))
    assert (output / "p1.xml").read_bytes() != corrected


def test_an_unforeseen_fault_is_the_pages_own(
    scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_arguments: object) -> None:
        raise ZeroDivisionError("odd page")

    monkeypatch.setattr("htr.engine.fake.FakeEngine.segment", explode)
    summary = go(scans, tmp_path / "out")
    assert summary.causes == (("page-failed", 4),)
    assert "ZeroDivisionError: odd page" in str(summary.failed[0].error)


def test_names_that_clash_are_refused_before_anything_runs(scans: Path, tmp_path: Path) -> None:
    Image.new("L", (9, 9)).save(scans / "P1.tif")
    with pytest.raises(NameClash, match=r"p1\.png.*P1\.tif|P1\.tif.*p1\.png"):
        transcribe([str(scans)], tmp_path / "out", SETTINGS)
    assert list((tmp_path / "out").iterdir()) == []


def test_frames_are_written_out_and_named(tmp_path: Path) -> None:
    frames = [Image.new("1", (120, 80 + 40 * number), 1) for number in range(3)]
    (tmp_path / "in" / "1875").mkdir(parents=True)
    frames[0].save(tmp_path / "in" / "1875" / "reg.tif", save_all=True, append_images=frames[1:])
    output = tmp_path / "out"
    summary = go(tmp_path / "in", output, replace(SETTINGS, recursive=True))
    assert summary.done == 3
    for number in (1, 2, 3):
        alto = output / "1875" / f"reg-000{number}.xml"
        page = read(alto.read_bytes())
        with Image.open(alto.parent / page.image.name) as picture:
            assert picture.size == (page.image.width, page.image.height)
        assert page.image.name == f"../images/1875/reg-000{number}.png"


def test_a_full_disk_stops_the_run_and_keeps_what_is_done(
    scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files.write_whole

    def full(path: Path, data: bytes) -> None:
        if path.name == "p3.xml":
            raise DiskFull("The disk is full.", path=path)
        write(path, data)

    monkeypatch.setattr(job, "write_whole", full)
    with pytest.raises(DiskFull, match=r"p3\.xml"):
        go(scans, tmp_path / "out")
    assert [record["status"] for record in records(tmp_path / "out")] == ["done", "done", "failed"]
    monkeypatch.undo()
    summary = go(scans, tmp_path / "out")
    assert (summary.done, summary.unchanged) == (1, 3)


def test_ctrl_c_gives_a_summary_and_the_next_run_goes_on(scans: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()

    def press(_result: PageResult, tally: Tally) -> None:
        if tally.done == 2:
            raise KeyboardInterrupt

    pages = plan([str(scans)], output, SETTINGS, SPEC)
    summary = run(pages, output, SETTINGS, SerialExecutor(run_job), press)
    assert summary.interrupted
    assert summary.done == 2
    assert go(scans, output).done == 2


def test_a_torn_record_of_a_killed_run_does_not_spoil_the_next(scans: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "run.jsonl").write_text('{"input": "p0')
    go(scans, output)
    lines = (output / "run.jsonl").read_text().splitlines()
    assert lines[0] == '{"input": "p0'
    assert all(json.loads(line) for line in lines[1:])
    assert len(lines) == 5


def test_an_output_that_is_a_file_is_refused(scans: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="out: This is a file"):
        transcribe([str(scans)], tmp_path / "out", SETTINGS)


def test_a_second_run_at_the_same_time_is_refused(scans: Path, tmp_path: Path) -> None:
    def again(_result: PageResult, _tally: Tally) -> None:
        with pytest.raises(FolderInUse, match="Another run"):
            transcribe([str(scans)], tmp_path / "out", SETTINGS)

    assert transcribe([str(scans)], tmp_path / "out", SETTINGS, again).done == 4


def test_a_broken_model_is_refused_before_the_first_page(scans: Path, tmp_path: Path) -> None:
    class Broken(SerialExecutor):
        def call(self, *_arguments: object) -> None:
            raise BrokenModel("It does not load.", path="own.mlmodel")

    pages = plan([str(scans)], tmp_path / "out", SETTINGS, SPEC)
    (tmp_path / "out").mkdir()
    with pytest.raises(BrokenModel):
        run(pages, tmp_path / "out", SETTINGS, Broken(work))
    assert records(tmp_path / "out") == []


def test_leftovers_of_a_killed_run_are_removed(scans: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / ".p1.xml.123.htr-tmp").write_bytes(b"half a fi")
    transcribe([str(scans)], output, SETTINGS)
    assert not list(output.glob(".*"))


def test_the_weakest_pages_are_named_and_the_mean_is_over_characters(tmp_path: Path) -> None:
    tally = Tally(12)
    for number in range(12):
        path = tmp_path / f"p{number}"
        tally.add(
            PageResult(path, None, path, "done", characters=10, confidence=(number + 1) / 100)
        )
    summary = tally.summary(tmp_path, tmp_path, 1.0, interrupted=False)
    assert [page.confidence for page in summary.weakest] == [n / 100 for n in range(1, 11)]
    assert summary.confidence is not None
    assert 0.03 < summary.confidence < 0.07


def test_an_empty_plan_is_an_empty_run(tmp_path: Path) -> None:
    summary = run(Plan((), ()), tmp_path, SETTINGS, SerialExecutor(run_job))
    assert summary.pages == 0
    assert summary.confidence is None
