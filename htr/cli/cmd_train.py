"""`htr train`: models learned from ground truth."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from htr.cli.durations import DURATION
from htr.i18n import _
from htr.training.recipes import settings
from htr.training.settings import TrainSettings

_DEFAULT = TrainSettings()


@click.command(
    "train",
    help=_(
        "Learn a model from the ground truth in SOURCE: folders of ALTO or PAGE files with their "
        "images, or tars of lines.\n\n"
        "A recogniser goes on from the default model, or from the one that --from names. Of pages "
        "that htr transcribed, only the lines count that a person has corrected; other programs' "
        "pages count as a whole. Pages are held out to measure what was learned, and a report "
        "(HTML) and a model card are written beside the model."
    ),
    short_help=_("Train a model on corrected pages."),
)
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar=_("SOURCE..."),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar=_("MODEL"),
    help=_("The file that the model is written to."),
)
@click.option(
    "--task",
    type=click.Choice(["recognition", "layout", "language"]),
    default="recognition",
    show_default=True,
    help=_("What to learn: to read lines, to find them, or the language that they are in."),
)
@click.option(
    "--from",
    "base",
    metavar=_("NAME|FILE|none"),
    help=_("The model to go on from; none for a new network. The default one if not given."),
)
@click.option(
    "--spec", metavar="VGSL", help=_("The new network, without its output, for --from none.")
)
@click.option(
    "--recipe",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=_("FILE"),
    help=_("A TOML file with these options, as in models/recipes; options given here go first."),
)
@click.option(
    "--all-lines", is_flag=True, help=_("Learn from lines that no person has corrected, too.")
)
@click.option(
    "--normalise",
    "normalisation",
    type=click.Choice(["none", "nfc", "loose"]),
    default=_DEFAULT.normalisation,
    show_default=True,
    help=_("How texts are made alike first, as in `htr evaluate`."),
)
@click.option(
    "--leave-out",
    "left_out",
    multiple=True,
    metavar=_("TEXT"),
    help=_("Leave out lines with this in their text, such as XXX. May be repeated."),
)
@click.option(
    "--without",
    multiple=True,
    metavar=_("PATTERN"),
    help=_("Leave out pages so named, as COLLECTION/PAGE with * and ?. May be repeated."),
)
@click.option(
    "--fixed-alphabet",
    is_flag=True,
    help=_("Leave out lines with characters that the model does not know, and teach it none."),
)
@click.option(
    "--split",
    type=click.Choice(["auto", "page", "document", "hand"]),
    default=_DEFAULT.split,
    show_default=True,
    help=_("What is held out whole to measure on; auto: by document if there are enough."),
)
@click.option(
    "--held-out",
    type=click.FloatRange(0.01, 0.5),
    show_default=_("a tenth, but three pages of ten or more"),
    metavar=_("SHARE"),
    help=_("How much of the text is held out."),
)
@click.option(
    "--time-budget",
    "minutes",
    type=DURATION,
    metavar=_("DURATION"),
    help=_("End after this long, such as 15m or 2h; the learning is planned by it."),
)
@click.option(
    "--passes",
    type=click.IntRange(min=1),
    default=_DEFAULT.passes,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("End after so many passes over the lines, if no time is given."),
)
@click.option(
    "--patience",
    type=click.IntRange(min=1),
    default=_DEFAULT.patience,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("End when so many measurements in a row were no better."),
)
@click.option(
    "--learning-rate",
    type=click.FloatRange(min=0, min_open=True),
    default=_DEFAULT.learning_rate,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("The highest learning rate."),
)
@click.option(
    "--batch-pixels",
    type=click.IntRange(min=1),
    default=_DEFAULT.batch_pixels,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("How wide the lines of a step are together."),
)
@click.option(
    "--keep",
    multiple=True,
    metavar=_("SOURCE"),
    help=_("Measure on these pages of other hands, too, what was forgotten. May be repeated."),
)
@click.option(
    "--mix",
    multiple=True,
    metavar=_("SOURCE"),
    help=_("Mix in lines of these pages, so that less is forgotten. May be repeated."),
)
@click.option(
    "--mix-share",
    type=click.FloatRange(0, 0.9),
    default=_DEFAULT.mix_share,
    show_default=True,
    metavar=_("SHARE"),
    help=_("How much of all lines is mixed in."),
)
@click.option(
    "--curve/--no-curve",
    default=_DEFAULT.curve,
    show_default=True,
    help=_("Train on fewer pages, too, to tell what more of them would bring."),
)
@click.option(
    "--seed",
    default=_DEFAULT.seed,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("What chance goes by; the same gives the same model without a time budget."),
)
@click.option(
    "--device",
    default=_DEFAULT.device,
    show_default=True,
    metavar="cpu|cuda:N|mps",
    help=_("The processor or graphics card to work on."),
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar=_("NUMBER"),
    help=_("How many processors to use; all if not given."),
)
@click.option(
    "--merge-regions",
    multiple=True,
    metavar=_("KIND:KIND"),
    help=_("For a layout: learn regions of the first kind as the second. May be repeated."),
)
@click.option(
    "--merge-lines",
    multiple=True,
    metavar=_("KIND:KIND"),
    help=_("For a layout: learn lines of the first kind as the second. May be repeated."),
)
@click.option(
    "--order",
    type=click.IntRange(1, 12),
    metavar=_("NUMBER"),
    help=_("For a language: how many letters the longest n-grams have; 7 if not given."),
)
@click.option(
    "--prune",
    type=click.IntRange(min=1),
    metavar=_("NUMBER"),
    help=_("For a language: leave out longer n-grams that stand in the text fewer times."),
)
@click.option("--resume", is_flag=True, help=_("Go on where a training of this model was ended."))
@click.option("-q", "--quiet", is_flag=True, help=_("Show errors only."))
@click.pass_context
def command(
    ctx: click.Context,
    /,
    sources: tuple[Path, ...],
    output: Path,
    task: str,
    recipe: Path | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Train a model and say what it came to."""
    given = {
        name: value
        for name, value in options.items()
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    if task == "layout":
        from htr.cli import train_layout
        from htr.training.layout.settings import LayoutSettings

        layout = settings(LayoutSettings(), task, given, recipe)
        train_layout.run(sources, output, layout, quiet=quiet)
    elif task == "language":
        from htr.cli import train_language
        from htr.training.language.settings import LanguageSettings

        language = settings(LanguageSettings(), task, given, recipe)
        train_language.run(sources, output, language, quiet=quiet)
    else:
        from htr.cli import train_recognition

        recognition = settings(_DEFAULT, task, given, recipe)
        train_recognition.run(sources, output, recognition, command=_typed(ctx), quiet=quiet)


def _typed(ctx: click.Context) -> str:
    """Return the command as it was given, options by their long names."""
    words = ctx.command_path.split()
    for parameter in ctx.command.params:
        name = parameter.name or ""
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = ctx.params.get(name)
        values = value if isinstance(value, tuple) else (value,)
        if isinstance(parameter, click.Argument):
            words += map(str, values)
        elif isinstance(value, bool):
            words.append(parameter.opts[-1] if value else parameter.secondary_opts[-1])
        else:
            words += [word for one in values for word in (parameter.opts[-1], str(one))]
    return shlex.join(words)
