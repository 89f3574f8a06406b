"""Pages from which a layout is learned: which count, which are held out, how kraken sees them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kraken.lib.dataset import BaselineSet, ImageInputTransforms
from layout_pages import HEIGHT, WIDTH, write_pages
from PIL import Image

from htr.document.geometry import Baseline, Polygon
from htr.document.page import ImageRef, Line, Page, Region, Step
from htr.errors import BadXml, NotFound, NothingToDo
from htr.formats import write_alto
from htr.training.layout.kinds import kinds_of
from htr.training.layout.prepared import Input, Prepared, prepared
from htr.training.layout.settings import LayoutSettings
from htr.training.layout.truth import Division, TruePage, read_truth

USUAL = LayoutSettings()


def write_page(folder: Path, name: str, *, step: str = "", corrected: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("L", (WIDTH, HEIGHT), 200).save(folder / f"{name}.png")
    line = Line("l", Baseline(((20, 50), (200, 50))), corrected=corrected)
    steps = (Step("recognition", "text", software=step),) if step else ()
    page = Page(
        "p", ImageRef(f"{name}.png", WIDTH, HEIGHT), (Region("r", lines=(line,)),), None, steps
    )
    (folder / f"{name}.xml").write_bytes(write_alto(page))


def test_what_htr_transcribed_counts_once_it_is_corrected(tmp_path: Path) -> None:
    write_page(tmp_path, "truth")
    write_page(tmp_path, "other", step="eScriptorium")
    write_page(tmp_path, "plain", step="htr")
    write_page(tmp_path, "corrected", step="htr", corrected=True)
    truth = read_truth([tmp_path], USUAL)
    pages = {page.name for page in (*truth.learned, *truth.held_out)}
    assert pages == {"truth", "other", "corrected"}
    assert truth.left_out == {"plain": "not-corrected"}
    everything = read_truth([tmp_path], LayoutSettings(all_lines=True))
    assert len(everything.learned) + len(everything.held_out) == 4


def test_a_page_with_a_line_without_baseline_is_left_out(tmp_path: Path) -> None:
    write_pages(tmp_path, 3)
    alto = (tmp_path / "p0.xml").read_text()
    start = alto.index("BASELINE")
    (tmp_path / "p0.xml").write_text(alto[:start] + alto[alto.index("HPOS", start) :])
    truth = read_truth([tmp_path], USUAL)
    assert truth.left_out == {"p0": "no-baselines"}


def test_whole_documents_are_held_out_where_there_are_enough(tmp_path: Path) -> None:
    for volume in range(5):
        write_pages(tmp_path / f"v{volume}", 2)
    truth = read_truth([tmp_path], USUAL)
    learned = {page.document for page in truth.learned}
    kept = {page.document for page in truth.held_out}
    assert len(kept) == 1
    assert len(truth.held_out) == 2
    assert not learned & kept
    assert truth.division == Division(2, 10, documents=1)
    said = "Held out: 1 document with 2 of 10 pages; nothing of it is learned."
    assert truth.division.text() == said


def test_pages_are_held_out_of_few_documents(tmp_path: Path) -> None:
    write_pages(tmp_path / "volume", 5)
    truth = read_truth([tmp_path], USUAL)
    assert (len(truth.learned), len(truth.held_out)) == (4, 1)
    assert truth.division.text() == "Held out: 1 of 5 pages; nothing of it is learned."
    assert read_truth([tmp_path], USUAL) == truth


def test_pages_to_hold_out_can_be_named(tmp_path: Path) -> None:
    write_pages(tmp_path / "learn", 3)
    write_pages(tmp_path / "keep", 2)
    settings = LayoutSettings(held_out_pages=(str(tmp_path / "keep"),))
    truth = read_truth([tmp_path / "learn"], settings)
    assert (len(truth.learned), len(truth.held_out)) == (3, 2)
    assert {page.path.parent.name for page in truth.held_out} == {"keep"}
    assert truth.division.text() == "2 pages are held out, as asked for."


def test_pages_that_are_held_out_are_not_learned(tmp_path: Path) -> None:
    write_pages(tmp_path, 3)
    truth = read_truth([tmp_path], LayoutSettings(held_out_pages=(str(tmp_path / "p1.xml"),)))
    assert [page.name for page in truth.learned] == ["p0", "p2"]
    assert [page.name for page in truth.held_out] == ["p1"]


def test_one_page_is_too_little(tmp_path: Path) -> None:
    write_pages(tmp_path, 1)
    with pytest.raises(NothingToDo, match="two pages"):
        read_truth([tmp_path], USUAL)


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    write_pages(tmp_path, 2)
    (tmp_path / "p1.png").unlink()
    with pytest.raises(NotFound, match=r"p1\.png") as caught:
        read_truth([tmp_path], USUAL)
    assert caught.value.path == str(tmp_path / "p1.xml")


def test_pages_are_prepared_at_the_networks_size(tmp_path: Path) -> None:
    write_pages(tmp_path / "pages", 2)
    truth = read_truth([tmp_path / "pages"], USUAL)
    (page,) = prepared(truth.learned, Input(150, 0, colour=False), tmp_path / "small")
    with Image.open(page.image) as image:
        assert (image.size, image.mode) == ((WIDTH // 2, 150), "L")
    (region,) = page.regions
    assert region.polygon == Polygon(((5, 7.5), (105, 7.5), (105, 145), (5, 145)))
    found = page.segmentation(4)
    (true,) = truth.learned
    assert len(found.lines) == true.lines
    assert list(found.regions) == ["MainZone"]


def test_a_layout_of_another_image_is_refused(tmp_path: Path) -> None:
    write_pages(tmp_path, 2)
    Image.new("L", (WIDTH, 2 * HEIGHT)).save(tmp_path / "p0.png")
    truth = read_truth([tmp_path], USUAL)
    with pytest.raises(BadXml, match="600"):
        prepared((*truth.learned, *truth.held_out), Input(150, 0, colour=True), tmp_path / "small")


@pytest.mark.parametrize(
    ("wanted", "size"),
    [
        (Input(150, 0, colour=True), (100, 150)),
        (Input(0, 50, colour=True), (50, 75)),
        (Input(30, 40, colour=False), (40, 30)),
    ],
)
def test_a_networks_zero_means_as_fits(wanted: Input, size: tuple[int, int]) -> None:
    assert wanted.size(200, 300) == size


def test_lines_are_drawn_as_thick_as_for_krakens_own_segmenter() -> None:
    assert Input(1800, 0, colour=True).line_width == 8
    assert Input(1200, 0, colour=True).line_width == 5
    assert Input(300, 0, colour=True).line_width == 4


coordinates = st.integers(-20, 130)
polylines = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "page.png"
    Image.new("L", (100, 120), 255).save(path)
    return path


@given(polylines, polylines)
def test_kraken_draws_every_line_that_it_is_given(
    blank: Path, first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    """A page with a line that kraken cannot draw would be replaced by another without a word."""
    lines = tuple(
        Line("l", Baseline(tuple(points)), kind="DefaultLine") for points in (first, second)
    )
    outline = Polygon((*first, (0, 0), (50, 0), (50, 50)))
    page = Prepared("p", blank, (100, 120), (Region("r", "MainZone", outline, lines),))
    dataset = BaselineSet(
        line_width=5,
        im_transforms=ImageInputTransforms(1, 120, 0, 1, (0, 0), valid_norm=False),
        class_mapping=kinds_of([page.regions]).classes(),
    )
    found = page.segmentation(5)
    dataset.add(found)
    with Image.open(blank) as image:
        _image, target, _lines = dataset.transform(image, dataset.targets[0])
    assert target.shape == (4, 120, 100)
    assert len(found.lines) <= 2
    assert bool(target[2].any()) or not found.lines


def test_a_line_without_length_is_no_line() -> None:
    line = Line("l", Baseline(((5, 5), (5, 5))), kind="DefaultLine")
    page = Prepared("p", Path("p.png"), (100, 120), (Region("r", lines=(line,)),))
    assert page.segmentation(5).lines == []


def test_a_page_knows_its_volume_and_collection() -> None:
    page = TruePage("c/v/p", Path("x/c/v/p.xml"), Path("p.png"), (0, 0), ())
    assert (page.document, page.collection) == ("c/v", "c")
    alone = TruePage("p", Path("x/v/p.xml"), Path("p.png"), (0, 0), ())
    assert (alone.document, alone.collection) == ("v", "v")
