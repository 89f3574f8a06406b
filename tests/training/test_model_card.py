"""The model card says in both languages what the model is, how good, and what it is not."""

from dataclasses import replace

import pytest
from outcomes import OUTCOME

from htr.i18n import language
from htr.training.card import card


def test_it_says_what_the_model_is_and_how_good() -> None:
    text = card(OUTCOME, "en")
    assert text.startswith("# valmorin\n")
    assert "french-registers-1, fine-tuned on valmorin" in text
    assert "`[1,48,0,1 Cr3,3,32 Lbx100 O1c110]`, 111 characters" in text
    assert "| learned from | 100 lines of 10 pages |" in text
    assert "| held out | 12 lines, whole pages |" in text
    assert "| training | 4 min, finished on 2026-11-25 |" in text
    assert "| new characters | `ſ` |" in text
    assert "| held-out lines | 4 | 456 | 15.8 % (15.8 to 15.8) | 3.9 % (" in text
    assert "| lines of other hands | 3 | 342 |" in text
    assert "300 more lines of this kind would bring" in text
    assert "```\nhtr train valmorin -o valmorin.mlmodel\n```" in text


def test_its_language_is_the_one_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTR_LANG", "fr")
    assert "15.8 %" in card(OUTCOME, "en")
    assert "15,8 %" in card(OUTCOME, "fr")
    monkeypatch.setenv("HTR_LANG", "en")
    assert "15,8 %" in card(OUTCOME, "fr")
    assert language() == "en"


def test_tables_are_whole() -> None:
    for text in (card(OUTCOME, "en"), card(replace(OUTCOME, base=None, kept=()), "en")):
        for block in text.split("\n\n"):
            rows = block.splitlines()
            if rows[0].startswith("|"):
                assert len({row.count("|") for row in rows}) == 1


def test_licence_and_credits_are_named_or_asked_for() -> None:
    assert "| licence | to be named by" in card(OUTCOME, "en")
    named = card(replace(OUTCOME, licence="CC-BY-4.0", credits=("A", "B")), "en")
    assert "| licence | CC-BY-4.0 |" in named
    assert "| to be credited | A, B |" in named


def test_limits_are_said() -> None:
    text = card(replace(OUTCOME, held_out_by="line", best=None), "en")
    assert "this is the base as it was" in text
    assert "lines of the very pages that it learned from" in text
    assert "Too rare to be learned: `<`" in text


def test_from_scratch_there_is_no_before() -> None:
    text = card(replace(OUTCOME, base=None, kept=()), "en")
    assert "trained from scratch on valmorin" in text
    assert "before" not in text.casefold()
