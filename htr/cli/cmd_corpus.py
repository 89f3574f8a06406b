"""`htr corpus`: ground truth looked after."""

from __future__ import annotations

from importlib import import_module

import click

from htr.i18n import _

COMMANDS = ("check", "stats", "split", "normalise", "fetch", "lines")


class _Commands(click.Group):
    """A group whose commands live in `htr.cli.corpus_NAME`, imported when they are looked up."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by its name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"htr.cli.corpus_{cmd_name}").command
        return command


command = _Commands(
    "corpus",
    help=_(
        "Look after ground truth: check it, count it, split it, bring its text into one form, "
        "fetch public corpora, cut out lines for training."
    ),
    short_help=_("Check, count, split, normalise and fetch ground truth."),
    subcommand_metavar=_("COMMAND [ARGS]..."),
)
