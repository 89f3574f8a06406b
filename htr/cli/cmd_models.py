"""`htr models`: the models that ship with htr."""

from __future__ import annotations

import click

from htr.i18n import _, decimal, language


@click.group(
    "models",
    help=_("List and show the models that ship with htr."),
    subcommand_metavar=_("COMMAND [ARGS]..."),
)
def command() -> None:
    """Group the commands on models."""


@command.command("list", help=_("List the models by name."))
def list_models() -> None:
    """Print what each model is."""
    from htr.engine.models import shipped

    tasks = {
        "recognition": _("recognition"),
        "segmentation": _("layout"),
        "language": _("language"),
    }
    for model in shipped():
        mark = "*" if model.default else " "
        size = _("{size} MB").format(size=decimal(model.size / 1e6))
        facts = (tasks[model.task], model.script, *model.languages, size, model.licence)
        click.echo(f"{mark} {model.name} ({', '.join(facts)})\n    {model.summary[language()]}")
    click.echo(_("* is the one that `htr transcribe` takes if none is named."))


@command.command("show", help=_("Show a model's card: its data, licence, accuracy and limits."))
@click.argument("name", metavar=_("NAME"))
@click.option("--path", is_flag=True, help=_("Print the path of its file instead."))
def show_model(name: str, path: bool) -> None:
    """Print a model's card, or where its checked file is."""
    from htr.engine.models import entry, recogniser

    model = entry(name)
    click.echo(recogniser(model.name).path if path else model.card_text(language()))
