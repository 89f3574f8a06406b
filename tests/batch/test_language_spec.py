"""Which language model, lexicon and alternatives a run reads with, and that its files say so."""

from dataclasses import replace
from pathlib import Path

import pytest

from htr.batch.runner import language_spec
from htr.document.page import Line, Region, Word
from htr.engine import EngineSpec, LanguageSpec, models
from htr.engine.models import DEFAULT_WEIGHTS, FAKE, LanguageUse, LanguageWeights, ModelFile
from htr.errors import NotFound, UnknownModel
from htr.imaging.source import Source
from htr.pipeline import assemble
from htr.pipeline.job import PageJob, recipe
from htr.settings import TranscribeSettings

SHIPPED = "french-registers-lm"
WEIGHTS = LanguageWeights(0.3, 0.7)
PLAIN = ModelFile("own", Path("own.mlmodel"), "0" * 64)
WITH_MODEL = replace(PLAIN, language=LanguageUse(SHIPPED, WEIGHTS))


def spec(recogniser: ModelFile, **options: object) -> LanguageSpec | None:
    return language_spec(TranscribeSettings(**options), recogniser)  # type: ignore[arg-type]


def test_a_recogniser_is_read_with_the_model_that_it_comes_with() -> None:
    found = spec(WITH_MODEL)
    assert found is not None
    assert found.model is not None
    assert (found.model.name, found.weights) == (SHIPPED, WEIGHTS)
    assert spec(PLAIN) is None
    assert spec(WITH_MODEL, language_model="none") is None


def test_a_model_can_be_named_for_any_recogniser() -> None:
    found = spec(PLAIN, language_model=SHIPPED)
    assert found is not None
    assert found.weights == DEFAULT_WEIGHTS
    with pytest.raises(UnknownModel):
        spec(PLAIN, language_model="none-such")
    with pytest.raises(UnknownModel):
        spec(PLAIN, language_model="french-registers-1")


def test_names_and_alternatives_need_no_language_model(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Éloi\n", encoding="utf-8")
    found = spec(PLAIN, lexicon=str(names), alternatives=3)
    assert found is not None
    assert (found.model, found.alternatives) == (None, 3)
    assert found.lexicon is not None
    with pytest.raises(NotFound):
        spec(PLAIN, lexicon=str(tmp_path / "none.txt"))


def test_a_page_says_what_it_was_read_with() -> None:
    model = models.language_model(SHIPPED)
    language = LanguageSpec(model, WEIGHTS, replace(PLAIN, name="names.txt"), 2)
    engine = EngineSpec(FAKE, FAKE, kind="fake", language=language)
    job = PageJob(Source(Path("p.jpg")), Path("p.xml"), engine, 300, 10)
    said = dict(recipe(job)[-1].settings)
    assert said["language_model"] == SHIPPED
    assert said["language_model_sha256"] == model.sha256
    assert said["weight"] == "0.3, 0.7 a letter"
    assert (said["lexicon"], said["lexicon_sha256"]) == ("names.txt", "0" * 64)
    assert said["alternatives"] == "2"
    other = replace(engine, language=replace(language, weights=LanguageWeights()))
    assert recipe(replace(job, engine=other)) != recipe(job)


def test_other_readings_go_to_their_words_and_leave_corrected_lines_alone() -> None:
    corrected = Line("c", words=(Word(()),), corrected=True)
    lines = (Line("a", words=(Word(()), Word(()))), corrected, Line("b", words=(Word(()),)))
    (region,) = assemble.with_alternatives(
        [Region("r", lines=lines)], [(("un", "on"), ()), (("e\u0301t",),)]
    )
    assert [word.alternatives for word in region.lines[0].words] == [("un", "on"), ()]
    assert region.lines[1] is corrected
    assert region.lines[2].words[0].alternatives == ("\u00e9t",)
    assert assemble.with_alternatives([region], [(), ()]) == (region,)
