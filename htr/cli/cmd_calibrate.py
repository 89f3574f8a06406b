"""`htr calibrate`: what a model's confidences are worth."""

from __future__ import annotations

from pathlib import Path

import click

from htr.i18n import _


@click.command(
    "calibrate",
    help=_(
        "Fit what the confidences of MODEL are worth on ground truth that it has not learned from, "
        "and store it beside the model, for every later run.\n\n"
        "SOURCE is folders of ALTO or PAGE files with their images, or tars of lines, of which the "
        "lines of the split `val` count. Ten pages or more also tell how many errors are to be "
        "expected on a page without ground truth."
    ),
    short_help=_("Make a model's confidences mean what they say."),
)
@click.argument("model", metavar=_("MODEL"))
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar=_("SOURCE..."),
)
@click.option(
    "--language-model",
    metavar=_("NAME|FILE|none"),
    help=_("The language model that readings with one are calibrated for; the model's own if any."),
)
@click.option(
    "--device",
    default="cpu",
    show_default=True,
    metavar="cpu|cuda:N|mps",
    help=_("The processor or graphics card to work on."),
)
@click.option("-q", "--quiet", is_flag=True, help=_("Show errors only."))
def command(
    model: str, sources: tuple[Path, ...], language_model: str | None, device: str, quiet: bool
) -> None:
    """Fit a calibration, store it and print what it does."""
    from htr.batch.runner import engine_spec
    from htr.cli.report_calibration import Bar, table
    from htr.pipeline.job import now
    from htr.settings import TranscribeSettings
    from htr.training.calibrate import calibrate, held_out
    from htr.training.entries import place, store

    spec = engine_spec(
        TranscribeSettings(model=model, device=device, language_model=language_model)
    )
    place(spec.recogniser)
    lines = held_out(sources)
    with Bar(quiet) as bar:
        fits = calibrate(spec, lines, now().date().isoformat(), bar.observe)
    path = store(spec.recogniser, fits.beside(spec.recogniser.calibration))
    if not quiet:
        click.echo(table(fits))
        click.echo(
            _("Stored in {file}; pages that were read before are now redone.").format(file=path)
        )
