"""A segmenter learned from drawn pages, from beginning to end."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from kraken.configs import BLLASegmentationTrainingConfig, SegmentationInferenceConfig
from kraken.tasks import SegmentationTaskModel
from layout_pages import SPEC, write_pages
from PIL import Image
from shapely import LineString

from htr.api import read_page
from htr.cli import main
from htr.cli.train_layout import run
from htr.document.geometry import Polygon
from htr.document.page import Region
from htr.engine.layout import LayoutFinder
from htr.engine.layout.network import compiled
from htr.errors import BrokenModel, DeviceError, InputError, SettingsError, UsageProblem
from htr.evaluation.layout import likeness, lines
from htr.training.layout import network, trainer
from htr.training.layout.kinds import kinds_of
from htr.training.layout.outcome import LayoutOutcome, Progress, Start
from htr.training.layout.run import state_file, train_layout
from htr.training.layout.settings import LEAN_SPEC, LayoutSettings
from htr.training.layout.watch import learning_rate
from htr.training.layout.written import report
from htr.training.recipes import from_recipe, settings


@dataclass(frozen=True)
class Trained:
    """A model, the pages that it was learned from, and what was said meanwhile."""

    pages: Path
    model: Path
    outcome: LayoutOutcome
    steps: list[Start | Progress]


def no_observer(_step: Start | Progress) -> None:
    """See nothing."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A segmenter that has learned where lines are."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("layout")
    pages, model = write_pages(folder / "pages", 8), folder / "m.safetensors"
    steps: list[Start | Progress] = []
    outcome = train_layout([pages], model, settings_of(passes=14), steps.append)
    return Trained(pages, model, outcome, steps)


def settings_of(**changes: object) -> LayoutSettings:
    usual = {"base": "none", "spec": SPEC, "learning_rate": 5e-3, "augment": False}
    return settings(LayoutSettings(), "layout", {**usual, **changes})


def test_lines_are_found_after_training(trained: Trained) -> None:
    rounds = trained.outcome.rounds
    assert len(rounds) == 14
    assert rounds[-1].loss < 0.8 * rounds[0].loss
    assert trained.outcome.after.lines.f1 == max(one.scores.lines.f1 or 0 for one in rounds)
    assert (trained.outcome.after.lines.f1 or 0) > 0.9
    assert trained.outcome.best is not None
    assert rounds[trained.outcome.best].score == max(one.score for one in rounds)


def test_progress_is_told(trained: Trained) -> None:
    start, *steps = trained.steps
    assert isinstance(start, Start)
    assert start.division.text() == "Held out: 1 of 8 pages; nothing of it is learned."
    assert start.kinds["MainZone"] == 7
    assert start.kinds["DefaultLine"] == trained.outcome.lines
    done = [step.done for step in steps if isinstance(step, Progress)]
    assert done == sorted(done)
    assert done[-1] == 1
    assert sum(isinstance(step, Progress) and step.ended is not None for step in steps) == 14


def test_the_file_finds_what_was_measured(trained: Trained) -> None:
    file = network.base_file(settings_of(base=str(trained.model)))
    assert file is not None
    net = network.load(file)
    with Image.open(trained.pages / "p0.png") as page:
        layout = LayoutFinder(net, torch.device("cpu"))(page)
    assert {line.kind for line in layout.lines} == {"DefaultLine"}
    assert {zone.kind for zone in layout.zones} == {"MainZone"}


@pytest.mark.model
def test_htr_transcribe_takes_the_segmenter(trained: Trained, tmp_path: Path) -> None:
    page = str(trained.pages / "p0.png")
    with pytest.raises(SystemExit) as ended:
        main(
            ["transcribe", page, "-o", str(tmp_path), "--segmenter", str(trained.model), "-j", "1"]
        )
    assert ended.value.code == 0
    found = read_page(tmp_path / "p0.xml")
    truth = read_page(trained.pages / "p0.xml")
    assert abs(len(list(found.lines)) - len(list(truth.lines))) <= 1
    assert dict(found.steps[0].settings)["model"] == "m.safetensors"


@pytest.mark.parametrize("page", ["p0", "p3"])
def test_kraken_finds_the_same_lines(trained: Trained, page: str) -> None:
    """Networks that take pages at another height than kraken's own are no exception."""
    task = SegmentationTaskModel.load_model(trained.model)
    config = SegmentationInferenceConfig(accelerator="cpu", device=1)
    file = network.base_file(settings_of(base=str(trained.model)))
    assert file is not None
    finder = LayoutFinder(network.load(file), torch.device("cpu"))
    with Image.open(trained.pages / f"{page}.png") as image:
        theirs, ours = task.predict(image, config), finder(image)
    assert len(theirs.lines) == len(ours.lines) > 5
    agreed = likeness(
        lines([line.baseline for line in ours.lines], []),
        [LineString(line.baseline) for line in theirs.lines],
        image.height,
    )
    assert (agreed.precision, agreed.recall, agreed.tau) == (1, 1, 1)


def test_the_card_speaks_its_language(trained: Trained) -> None:
    english = trained.model.with_suffix(".md").read_text()
    french = trained.model.with_suffix(".fr.md").read_text()
    assert trained.outcome.division.text() in english
    assert trained.outcome.spec in french
    assert french != english


def test_files_lie_beside_the_model(trained: Trained) -> None:
    names = {path.name for path in trained.model.parent.iterdir()}
    assert names == {"pages", "m.safetensors", "m.toml", "m.md", "m.fr.md", "m.json"}
    entry = tomllib.loads(trained.model.with_suffix(".toml").read_text())
    assert (entry["name"], entry["file"], entry["task"]) == ("m", "m.safetensors", "segmentation")
    assert entry["size"] == trained.model.stat().st_size
    figures = json.loads(trained.model.with_suffix(".json").read_text())
    assert figures["after"]["lines"]["true"] == trained.outcome.after.lines.true
    assert len(figures["rounds"]) == 14
    assert set(figures["pixels"]["iu"]) == {"_start_separator", "_end_separator", "MainZone"}
    assert trained.outcome.spec in trained.model.with_suffix(".md").read_text()


def test_the_report_has_lines_and_regions_by_kind(trained: Trained) -> None:
    said = report(trained.outcome)
    for kind in ("| lines |", "| – DefaultLine |", "| regions |", "| – MainZone |"):
        assert kind in said
    assert "Learned from 7 pages" in said


def test_a_training_that_was_stopped_goes_on(tmp_path: Path) -> None:
    pages, model = write_pages(tmp_path / "pages", 4), tmp_path / "m.safetensors"

    def stop(step: Start | Progress) -> None:
        if isinstance(step, Progress) and step.done > 0.5:
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        train_layout([pages], model, settings_of(passes=4), stop)
    assert state_file(model).exists()
    assert not model.exists()
    with pytest.raises(InputError, match="another training"):
        train_layout([pages], model, settings_of(passes=4, seed=7, resume=True), no_observer)
    rounds = []

    def note(step: Start | Progress) -> None:
        if isinstance(step, Progress) and step.ended:
            rounds.append(step.ended)

    outcome = train_layout([pages], model, settings_of(passes=4, resume=True), note)
    assert len(outcome.rounds) == 4
    assert len(rounds) < 4
    assert outcome.rounds[-1].seen == 12
    assert not state_file(model).exists()


def test_a_damaged_state_is_said_to_be_that(tmp_path: Path) -> None:
    pages, model = write_pages(tmp_path / "pages", 2), tmp_path / "m.safetensors"
    state_file(model).write_bytes(b"nothing")
    with pytest.raises(InputError, match="checkpoint"):
        train_layout([pages], model, settings_of(passes=1, resume=True), no_observer)


def test_training_goes_on_from_a_model_with_other_kinds(trained: Trained, tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", 4, zone="Col_1", heading=True)
    model = tmp_path / "more.mlmodel"
    given = settings_of(base=str(trained.model), passes=1, merge_regions=("Col_*:TableZone",))
    outcome = train_layout([pages], model, given, no_observer)
    assert outcome.base == "m.safetensors"
    assert outcome.before is not None
    assert (outcome.before.lines.f1 or 0) > 0.8
    assert set(outcome.after.region_kinds) | set(outcome.before.region_kinds) == {
        "MainZone",
        "TableZone",
    }
    file = network.base_file(settings_of(base=str(model)))
    assert file is not None
    classes = network.load(file).user_metadata["class_mapping"]
    assert classes["baselines"] == {"DefaultLine": 2, "HeadingLine": 3}
    assert classes["regions"] == {"TableZone": 4}


def test_a_base_that_is_not_bettered_is_kept(trained: Trained, tmp_path: Path) -> None:
    given = settings_of(base=str(trained.model), passes=1, learning_rate=10.0)
    outcome = train_layout([trained.pages], tmp_path / "m.safetensors", given, no_observer)
    assert outcome.best is None
    assert outcome.after == outcome.before == trained.outcome.after
    assert "No round was better" in report(outcome)
    old, new = (
        network.load(file).state_dict()
        for model in (trained.model, tmp_path / "m.safetensors")
        if (file := network.base_file(settings_of(base=str(model))))
    )
    assert all(torch.equal(old[name], new[name]) for name in old)


def test_a_time_budget_ends_the_training(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", 4)
    given = settings_of(passes=1000, minutes=1 / 600)
    outcome = train_layout([pages], tmp_path / "m.mlmodel", given, no_observer)
    assert outcome.rounds[-1].seen < 100  # of 3,000 in all passes


def test_a_training_without_progress_ends(trained: Trained, tmp_path: Path) -> None:
    given = settings_of(base=str(trained.model), passes=50, learning_rate=10.0, patience=2)
    outcome = train_layout([trained.pages], tmp_path / "m.safetensors", given, no_observer)
    assert len(outcome.rounds) == 2


def test_the_command_takes_options_and_recipes(tmp_path: Path) -> None:
    recipe = tmp_path / "r.toml"
    rows = ['base = "none"', "passes = 3", 'merge_regions = ["Col_*:MainZone"]', "minutes = 5"]
    recipe.write_text("\n".join(rows))
    found = settings(LayoutSettings(), "layout", {"passes": 7}, recipe)
    assert found == LayoutSettings(
        base="none", passes=7, merge_regions=("Col_*:MainZone",), minutes=5
    )
    with pytest.raises(UsageProblem, match="curve"):
        settings(LayoutSettings(), "layout", {"curve": True})


@pytest.mark.parametrize(
    "text", ["nothing = 1", 'passes = "many"', "passes = true", "augment = 1", "spec = 3", "= 1"]
)
def test_a_recipe_with_slips_is_refused(tmp_path: Path, text: str) -> None:
    recipe = tmp_path / "r.toml"
    recipe.write_text(text)
    with pytest.raises(SettingsError):
        from_recipe(recipe, LayoutSettings())


def test_the_recipe_of_the_lean_segmenter_can_be_followed() -> None:
    recipe = Path(__file__).parents[2] / "models/recipes/lean-layout.toml"
    found = from_recipe(recipe, LayoutSettings())
    assert found.spec == LEAN_SPEC
    page = [Region(kind, kind, Polygon(((0, 0), (9, 0), (9, 9)))) for kind in ("Col_1", "marginal")]
    kinds = kinds_of([found.wording.applied(page)])
    assert set(kinds.regions) == {"MainZone", "MarginTextZone"}
    net = network.from_spec(found.spec, kinds)
    assert compiled(net.nn, torch.device("cpu")) is not None


def test_the_command_says_what_it_came_to(
    trained: Trained, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "name"
    run((trained.pages,), model, LayoutSettings(base=str(trained.model), passes=1), quiet=False)
    said = capfd.readouterr().err
    assert "Kinds that are learned: DefaultLine" in said
    assert "| lines |" in said
    assert "name.mlmodel was written" in said
    assert "warn" not in said.lower()
    assert (tmp_path / "name.mlmodel").exists()
    suffixes = (".fr.md", ".json", ".md", ".mlmodel", ".toml")
    assert {path.name for path in tmp_path.iterdir()} == {f"name{suffix}" for suffix in suffixes}


def test_what_cannot_be_is_refused(trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="written to a file"):
        train_layout([trained.pages], tmp_path / "m.pt", settings_of(), no_observer)
    given = settings_of(device="cuda:99")
    with pytest.raises(DeviceError, match="cuda:99"):
        train_layout([trained.pages], tmp_path / "m.mlmodel", given, no_observer)
    broken = tmp_path / "broken.mlmodel"
    broken.write_bytes(b"x")
    given = settings_of(base=str(broken))
    with pytest.raises(BrokenModel, match="segmenter"):
        train_layout([trained.pages], tmp_path / "m.mlmodel", given, no_observer)


def test_krakens_settings_are_checked() -> None:
    with pytest.raises(TypeError, match="learn_rate"):
        trainer.configured(BLLASegmentationTrainingConfig, learn_rate=1)
    config = trainer.configured(BLLASegmentationTrainingConfig, lrate=0.5)
    assert config.lrate == 0.5


def test_the_learning_rate_rises_shortly_and_falls_to_little() -> None:
    rates = [learning_rate(done / 100, 1.0) for done in range(101)]
    assert max(rates) == rates[3] == 1
    assert rates[:4] == sorted(rates[:4])
    assert rates[3:] == sorted(rates[3:], reverse=True)
    assert 0 < rates[-1] < 0.05
    assert learning_rate(1.5, 1.0) == rates[-1]
