"""The language is the user's, and the French catalogue is complete and compiled."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from htr.i18n import LOCALE_FOLDER, _, decimal, language, ngettext, speaking

CATALOGUE = LOCALE_FOLDER / "fr" / "LC_MESSAGES"
PACKAGE = Path(__file__).parents[1] / "htr"
# click's own words, which our catalogue translates too
CLICKS = {"Options", "Commands", "Usage:", "Show this message and exit."}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "HTR_LANG": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": "fr"}, "fr"),
        ({"LANG": "fr-CA", "LC_MESSAGES": ""}, "fr"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_language(environ: dict[str, str], expected: str) -> None:
    assert language(environ) == expected


def test_messages_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _("There is no such file.") == "There is no such file."
    monkeypatch.setenv("HTR_LANG", "fr")
    assert _("There is no such file.") == "Ce fichier n'existe pas."
    assert ngettext("{n} page done", "{n} pages done", 0).format(n=0).startswith("0 page ")


def test_a_block_may_speak_another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTR_LANG", "fr")
    with speaking("en"):
        assert language() == "en"
        assert decimal(0.5) == "0.5"
        with speaking("fr"):
            assert _("There is no such file.") == "Ce fichier n'existe pas."
        assert _("There is no such file.") == "There is no such file."
        assert language({"LANG": "fr"}) == "fr"
    assert decimal(0.5) == "0,5"


def test_every_message_is_translated() -> None:
    with (CATALOGUE / "htr.po").open("rb") as file:
        po = read_po(file, locale="fr")
    translated = {str(m.id[0] if isinstance(m.id, tuple) else m.id): m for m in po if m.id}
    used = extract_from_dir(str(PACKAGE), keywords={"_": None, "ngettext": (1, 2)})
    messages = {m[0] if isinstance(m, tuple) else m for _file, _line, m, *_rest in used}
    assert messages <= translated.keys()
    assert translated.keys() >= CLICKS
    for message in translated.values():
        assert message.string, message.id
        assert all(message.string), message.id
        assert not message.fuzzy, message.id


def test_placeholders_are_kept() -> None:
    with (CATALOGUE / "htr.po").open("rb") as file:
        for message in read_po(file, locale="fr"):
            # French has a form for one and a form for many, as English has.
            for given, form in zip(forms(message.id), forms(message.string), strict=True):
                assert fields(form) == fields(given), message.id


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (CATALOGUE / "htr.po").open("rb") as file:
        po = {forms(m.id): forms(m.string) for m in read_po(file, locale="fr") if m.id}
    compiled = read_mo(BytesIO((CATALOGUE / "htr.mo").read_bytes()))
    assert {forms(m.id): forms(m.string) for m in compiled if m.id} == po


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}
