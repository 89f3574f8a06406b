"""Messages for people, in English or French: `HTR_LANG` decides, else the locale."""

import functools
import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

LANGUAGES = ("en", "fr")
LOCALE_FOLDER = Path(__file__).with_name("locale")
_VARIABLES = ("HTR_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_spoken: ContextVar[str | None] = ContextVar("language", default=None)


def language(environ: Mapping[str, str] | None = None) -> str:
    """Return the language code (`en` or `fr`) that the environment asks for.

    The first set variable among HTR_LANG, LC_ALL, LC_MESSAGES and LANG decides, as POSIX has it
    (IEEE 1003.1, section 8.2), with our own variable before them; anything unknown is English.
    Without an `environ`, the language of a `speaking` block goes before all of them.
    """
    if environ is None and (spoken := _spoken.get()):
        return spoken
    env = os.environ if environ is None else environ
    wanted = next((env[name] for name in _VARIABLES if env.get(name)), "")
    code = wanted.replace("-", "_").split("_")[0].split(".")[0].lower()
    return code if code in LANGUAGES else "en"


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Make messages within the block be in a language (`en` or `fr`), whatever the user's is.

    For what is written in both, such as model cards.
    """
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


@functools.cache
def catalogue(code: str) -> gettext.NullTranslations:
    """Return the message catalogue of a language code; English needs none and gets an empty one."""
    return gettext.translation("htr", LOCALE_FOLDER, languages=[code], fallback=True)


def _(message: str) -> str:
    """Return a message in the user's language."""
    return catalogue(language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits a count, in the user's language."""
    return catalogue(language()).ngettext(one, many, count)


def decimal(value: float, digits: int = 1) -> str:
    """Return a number with its decimals as the user's language writes it: 12.3 or 12,3."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language() == "fr" else text


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share in 0..1 as per cent, `12.3 %`, or a dash for None."""
    return "–" if share is None else f"{decimal(100 * share, digits)} %"


def translate_click() -> None:
    """Make click's own messages (Usage, Options, errors) come from our catalogue too.

    click looks its messages up in the process's default gettext domain, so this is called once by
    the command line's entry point and by nothing else.
    """
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("htr", str(LOCALE_FOLDER))
    gettext.textdomain("htr")
