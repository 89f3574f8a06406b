"""Before and after are measured on the same lines, page by page."""

from dataclasses import replace

import pytest
from outcomes import OUTCOME, TEXT, line, lines

from htr.training.findings import compared, findings
from htr.training.learning_curve import LearningCurve


def test_rates_are_of_the_lines_together() -> None:
    found = compared(lines(4))
    assert found is not None
    assert found.before.estimate == pytest.approx(6 / len(TEXT))
    assert found.after.estimate == pytest.approx((0 + 1 + 2 + 3) / 4 / len(TEXT))
    assert found.taken_away == pytest.approx(1 - 1.5 / 6)
    assert found.characters == 12 * len(TEXT)


def test_the_worst_come_first() -> None:
    found = compared(lines(4))
    assert found is not None
    assert [page.name for page in found.pages] == ["p3", "p2", "p1", "p0"]
    errors = [one.after.characters.errors for one in found.lines]
    assert errors == sorted(errors, reverse=True)
    assert [page.lines for page in found.pages] == [3] * 4


def test_confusions_are_counted_before_and_after() -> None:
    found = compared([line("p", 1, "abc", "xbc", "ab"), line("p", 2, "abc", "xbc", "abc")])
    assert found is not None
    assert [(one.truth, one.prediction, one.count) for one in found.confusions_before] == [
        ("a", "x", 2)
    ]
    assert [(one.truth, one.prediction, one.count) for one in found.confusions_after] == [
        ("c", "", 1)
    ]


def test_a_base_without_errors_has_none_to_take_away() -> None:
    found = compared([line("p", 1, "abc", "abc", "abd")])
    assert found is not None
    assert found.taken_away is None


def test_nothing_read_is_nothing_found() -> None:
    found = findings(replace(OUTCOME, lines=(), kept=()))
    assert found.own is None
    assert found.kept is None


@pytest.mark.parametrize(("best", "bettered"), [(2, True), (0, False), (None, False)])
def test_weights_from_the_beginning_better_nothing(best: int | None, bettered: bool) -> None:
    assert findings(replace(OUTCOME, best=best)).bettered is bettered


def test_the_learning_curve_is_found() -> None:
    assert isinstance(findings(OUTCOME).curve, LearningCurve)
