"""`htr export`: a register's ALTO out to the formats of other systems."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from htr.i18n import _

# Where the command of each format lives: in the COMMANDS of htr.cli.export_NAME.
_MODULES: Mapping[str, str] = {
    "pdf": "pdf",
    "page": "pages",
    "hocr": "pages",
    "tei": "pages",
    "text": "pages",
    "csv": "pages",
    "json": "pages",
    "mets": "portal",
    "iiif": "portal",
    "escriptorium": "portal",
}


class _Formats(click.Group):
    """A group whose commands are imported when they are looked up."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the formats in the order in which help shows them."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a format's command by its name, or None."""
        if cmd_name not in _MODULES:
            return None
        commands = import_module(f"htr.cli.export_{_MODULES[cmd_name]}").COMMANDS
        command: click.Command = commands[cmd_name]
        return command


command = _Formats(
    "export",
    help=_(
        "Write a register's ALTO files in a format that other systems take: "
        "`htr export FORMAT --help` says what each holds."
    ),
    short_help=_("Write PDF/A, PAGE, hOCR, TEI, METS, IIIF and more from ALTO."),
    subcommand_metavar=_("FORMAT SOURCE... -o OUT"),
)
