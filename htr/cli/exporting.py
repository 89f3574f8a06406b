"""What the commands of `htr export` share: their arguments, the bar, and the report at the end."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from htr.document.description import Description
from htr.errors import ExitCode
from htr.i18n import _, ngettext
from htr.settings import TranscribeSettings

if TYPE_CHECKING:
    from htr.exchange.folder import Outcome

Item = TypeVar("Item")
Function = Callable[..., Any]

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # BCP 47, near enough


def sources(function: Function) -> Function:
    """Give a command the argument SOURCE...: folders of ALTO files, or such files."""
    return click.argument(
        "sources",
        nargs=-1,
        required=True,
        type=click.Path(path_type=Path),
        metavar=_("SOURCE..."),
    )(function)


def output(metavar: str, text: str) -> Callable[[Function], Function]:
    """Give a command the option -o, with its own placeholder and help."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        required=True,
        metavar=metavar,
        help=text,
    )


def described(function: Function) -> Function:
    """Give a command the options that describe a register, as one argument `description`."""

    @functools.wraps(function)
    def command(**options: Any) -> Any:
        names = ("title", "language", "creator", "source", "licence")
        facts = {name: options.pop(name) for name in names}
        return function(description=Description(**facts), **options)

    title = _("The title; else the file's name.")
    creator = _("The institution that made it.")
    source = _("The reference under which the archive keeps the register.")
    licence = _("A licence, or its address.")
    for name, text in (("licence", licence), ("source", source), ("creator", creator)):
        command = click.option(f"--{name}", metavar=_("TEXT"), help=text)(command)
    return click.option("--title", metavar=_("TEXT"), help=title)(language(command))


def language(function: Function) -> Function:
    """Give a command the option --lang, as its argument `language`."""
    return click.option(
        "--lang",
        "language",
        callback=_language,
        metavar=_("CODE"),
        help=_("The language of the text, such as fr or la."),
    )(function)


def _language(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value and not _LANGUAGE.fullmatch(value):
        raise click.BadParameter(_("give a language code, such as fr or la"))
    return value


def max_pixels(function: Function) -> Function:
    """Give a command the option --max-pixels."""
    return click.option(
        "--max-pixels",
        type=click.IntRange(min=1),
        default=TranscribeSettings().max_pixels,
        show_default=True,
        metavar=_("NUMBER"),
        help=_("Refuse larger images."),
    )(function)


def quiet(function: Function) -> Function:
    """Give a command the option -q."""
    return click.option("-q", "--quiet", is_flag=True, help=_("Show errors only."))(function)


def bar(items: Sequence[Item], *, quiet: bool) -> Iterator[Item]:
    """Yield items, with a bar on a terminal."""
    from tqdm import tqdm

    shown: Iterable[Item] = tqdm(items, unit=_("page"), disable=True if quiet else None)
    yield from shown


def report(outcome: Outcome, output: Path, *, quiet: bool) -> int:
    """Print what became of the pages, and return the exit status."""
    for error in outcome.failed:
        click.echo(_("Failed: {text}").format(text=error), err=True)
    if not quiet:
        count = len(outcome.written)
        click.echo(
            ngettext("{n} file written: {place}", "{n} files written: {place}", count).format(
                n=count, place=output
            ),
            err=True,
        )
    return ExitCode.PAGES_FAILED if outcome.failed else ExitCode.OK
