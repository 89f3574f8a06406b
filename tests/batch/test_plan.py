"""Which pages there are, where each goes, and which layout comes with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from batch_work import SPEC
from PIL import Image

from htr.batch.plan import plan
from htr.document.page import ImageRef, Page
from htr.errors import BadXml, NameClash, NotFound
from htr.formats import write_alto
from htr.pipeline.job import run_job
from htr.settings import TranscribeSettings

SETTINGS = TranscribeSettings(model="fake")
KEEP = replace(SETTINGS, keep_layout=True)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name in ("p1.jpg", "p2.jpg"):
        Image.new("L", (200, 100), 255).save(folder / name)
    (folder / "p1.xml").write_bytes(write_alto(Page("p", ImageRef("p1.jpg", 200, 100))))
    return folder


def test_layouts_of_a_folder_count_only_when_they_are_kept(scans: Path, tmp_path: Path) -> None:
    plain = plan([str(scans)], tmp_path, SETTINGS, SPEC)
    assert [(job.source.path.name, job.layout) for job in plain.jobs] == [
        ("p1.jpg", None), ("p2.jpg", None),
    ]  # fmt: skip
    kept = plan([str(scans)], tmp_path, KEEP, SPEC)
    assert [(job.source.path.name, job.layout) for job in kept.jobs] == [
        ("p1.jpg", scans / "p1.xml"), ("p2.jpg", None),
    ]  # fmt: skip


def test_an_xml_file_stands_for_its_image(scans: Path, tmp_path: Path) -> None:
    (job,) = plan([str(scans / "p1.xml")], tmp_path, SETTINGS, SPEC).jobs
    assert (job.source.path, job.layout) == (scans / "p1.jpg", None)
    assert job.output == tmp_path / "p1.xml"


@pytest.mark.parametrize("name", ["C:\\scans\\p2.jpg", "elsewhere/p2.jpg", "none.jpg"])
def test_the_image_is_found_by_its_last_name_or_that_of_the_file(
    scans: Path, tmp_path: Path, name: str
) -> None:
    (scans / "p2.xml").write_bytes(write_alto(Page("p", ImageRef(name, 200, 100))))
    (job,) = plan([str(scans / "p2.xml")], tmp_path, KEEP, SPEC).jobs
    assert job.source.path == scans / "p2.jpg"


def test_a_layout_without_its_image_is_a_failure(scans: Path, tmp_path: Path) -> None:
    (scans / "p1.jpg").unlink()
    found = plan([str(scans)], tmp_path, KEEP, SPEC)
    assert len(found.jobs) == 1
    assert isinstance(found.failures[0].error, NotFound)


def test_the_image_of_a_bad_layout_is_not_given_another_layout(scans: Path, tmp_path: Path) -> None:
    (scans / "p1.xml").write_text("<alto><Layout>")
    found = plan([str(scans)], tmp_path, KEEP, SPEC)
    assert [job.source.path.name for job in found.jobs] == ["p2.jpg"]
    assert isinstance(found.failures[0].error, BadXml)


def test_other_xml_is_refused_when_it_is_named_itself(scans: Path, tmp_path: Path) -> None:
    (scans / "mets.xml").write_text("<mets/>")
    assert len(plan([str(scans)], tmp_path, KEEP, SPEC).jobs) == 2
    (failure,) = plan([str(scans / "mets.xml")], tmp_path, KEEP, SPEC).failures
    assert isinstance(failure.error, BadXml)


def test_a_layout_of_another_image_is_refused(scans: Path, tmp_path: Path) -> None:
    (scans / "p1.xml").write_bytes(write_alto(Page("p", ImageRef("p1.jpg", 2000, 1000))))
    (job, _other) = plan([str(scans)], tmp_path / "out", KEEP, SPEC).jobs
    error = run_job(job).error
    assert isinstance(error, BadXml)
    assert "2000 x 1000" in str(error)
    assert error.path == str(scans / "p1.xml")


def test_frames_are_numbered_with_room_for_all(tmp_path: Path) -> None:
    frames = [Image.new("1", (20, 20)) for _number in range(3)]
    frames[0].save(tmp_path / "r.tif", save_all=True, append_images=frames[1:])
    jobs = plan([str(tmp_path)], tmp_path / "out", SETTINGS, SPEC).jobs
    assert [job.output.name for job in jobs] == ["r-0001.xml", "r-0002.xml", "r-0003.xml"]
    assert jobs[0].picture == tmp_path / "out" / "images" / "r-0001"


def test_a_frame_clashes_with_an_image_of_its_name(tmp_path: Path) -> None:
    frames = [Image.new("1", (20, 20)) for _number in range(2)]
    frames[0].save(tmp_path / "r.tif", save_all=True, append_images=frames[1:])
    frames[0].save(tmp_path / "R-0002.png")
    with pytest.raises(NameClash):
        plan([str(tmp_path)], tmp_path / "out", SETTINGS, SPEC)


def test_two_folders_with_the_same_names_clash(scans: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Image.new("L", (20, 20)).save(other / "p2.png")
    with pytest.raises(NameClash, match="p2"):
        plan([str(scans), str(other)], tmp_path / "out", SETTINGS, SPEC)
