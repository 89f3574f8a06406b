"""The command line: options, messages and exit codes; the work is imported when it is called for.

Nothing here imports numpy, lxml, kraken or torch at module level, so that `--help` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from htr import __version__
from htr.errors import ExitCode, HtrError
from htr.i18n import _, translate_click

COMMANDS = (
    "transcribe",
    "export",
    "import",
    "evaluate",
    "train",
    "calibrate",
    "corpus",
    "models",
    "demo",
)


class LazyGroup(click.Group):
    """A group whose commands live in `htr.cli.cmd_NAME`, imported when they are looked up."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands' names in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by its name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"htr.cli.cmd_{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


def root() -> click.Group:
    """Return the `htr` command, with its help in the user's language."""
    group = LazyGroup(
        "htr",
        help=_(
            "Make historical documents readable: scanned registers become ALTO XML, with a "
            "confidence on every letter. Messages are in English or French (HTR_LANG=en|fr)."
        ),
        subcommand_metavar=_("COMMAND [ARGS]..."),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    click.version_option(__version__, prog_name="htr")(group)
    return group


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the status that docs/errors.md describes."""
    translate_click()
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code: Any = root().main(arguments, standalone_mode=False)
    except HtrError as error:
        show(error)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("Interrupted."), err=True)
        return ExitCode.INTERRUPTED
    return int(code or 0)


def show(error: HtrError) -> None:
    """Print an error for people: the file, what is wrong with it, and what to do."""
    place = "" if error.path is None else f"{error.path}: "
    click.echo(_("Error: {text}").format(text=place + error.message), err=True)
    if error.hint:
        click.echo("  " + error.hint, err=True)
