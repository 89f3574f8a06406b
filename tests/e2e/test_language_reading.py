"""The real recogniser with its language model: what it reads, and what its files say of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from htr.api import read_page
from htr.batch.plan import plan
from htr.batch.runner import engine_spec
from htr.batch.standing import standing
from htr.pipeline.job import PageJob, run_job
from htr.resources import data_folder
from htr.settings import TranscribeSettings

pytestmark = pytest.mark.model


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., PageJob]:
    layout = next(iter(sorted(data_folder("sample").rglob("*.xml"))))

    def make(**options: object) -> PageJob:
        settings = TranscribeSettings(keep_layout=True, **options)  # type: ignore[arg-type]
        (only,) = plan([str(layout)], tmp_path, settings, engine_spec(settings)).jobs
        return only

    return make


def test_words_keep_other_readings_and_pages_say_what_read_them(
    job: Callable[..., PageJob], tmp_path: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Éloi\n", encoding="utf-8")
    asked = job(alternatives=2, lexicon=str(names))
    result = run_job(asked)
    assert result.error is None
    page = read_page(asked.output)
    words = [word for line in page.lines for word in line.words]
    assert any(word.alternatives for word in words)
    assert all(len(word.alternatives) <= 2 for word in words)
    assert all(word.text not in word.alternatives for word in words)
    assert all(0 <= (word.confidence or 0) <= 1 for word in words)
    said = dict(page.steps[-1].settings)
    assert said["language_model"] == "french-registers-lm"
    assert said["lexicon"] == "names.txt"
    # The same again is done already; read otherwise, it is not.
    for other, expected in ((asked, "unchanged"), (job(language_model="none"), "to do")):
        assert standing(other, force=False, overwrite_corrections=False) == expected
