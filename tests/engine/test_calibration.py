"""Calibrations: their tables in TOML, what pages say of them, and what they do to confidences."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from htr.document.confidence import WordRule
from htr.document.page_error import PageRule
from htr.engine.calibration import UNCALIBRATED, Calibration

WORDS = WordRule(-0.2, 1.3, 0.4, 0.1, 0.2)
PAGES = PageRule(0.7, 1.2, 0.01, 0.004, 1.3, 1.7, 44)
PLAIN = Calibration(1.4, 0.9, 0.1, 1815, "2026-11-25", WORDS, PAGES)
WHOLE = replace(PLAIN, with_language=replace(PLAIN, temperature=1.0, pages=None))
numbers = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=20)


@pytest.mark.parametrize("calibration", [UNCALIBRATED, PLAIN, WHOLE])
def test_tables_of_toml_keep_it_whole(calibration: Calibration) -> None:
    text = tomlkit.dumps(calibration.as_table())
    assert Calibration.from_table(tomlkit.parse(text).unwrap()) == calibration
    assert pickle.loads(pickle.dumps(calibration)) == calibration


@pytest.mark.parametrize("table", [{"heat": 1.0}, {"words": {"intercept": 0.0}}, {"pages": 3}])
def test_other_tables_are_refused(table: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        Calibration.from_table(table)


def test_pages_say_which_calibration_it_was() -> None:
    text = PLAIN.summary()
    assert text.startswith("temperature 1.4, fitted on 1815 lines on 2026-11-25, ")
    assert replace(PLAIN, offset=0.2).summary() != text
    assert replace(PLAIN, words=None).summary() != text


def test_a_calibration_with_a_language_model_is_no_other_without_one() -> None:
    assert WHOLE.summary() == PLAIN.summary()


def test_nothing_fitted_changes_nothing() -> None:
    given_values = np.array([0.0, 0.2, 1.0], np.float32)
    assert UNCALIBRATED.glyphs(given_values) is given_values


def test_glyphs_follow_the_logistic_function() -> None:
    # log-odds of 0.8 are log 4; with slope 1/2 the odds are 2, and 2/3 is their share
    halved = Calibration(slope=0.5).glyphs(np.array([0.8], np.float32))
    assert halved == pytest.approx([2 / 3], abs=1e-6)
    doubled = Calibration(offset=float(np.log(2))).glyphs(np.array([0.5], np.float32))
    assert doubled == pytest.approx([2 / 3], abs=1e-6)


@given(numbers, st.floats(0.05, 5), st.floats(-3, 3))
def test_the_order_of_confidences_stays_and_they_are_probabilities(
    values: list[float], slope: float, offset: float
) -> None:
    sorted_values = np.sort(np.array(values, np.float32))
    found = Calibration(slope=slope, offset=offset).glyphs(sorted_values)
    assert found.dtype == np.float32
    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()
