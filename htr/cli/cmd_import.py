"""`htr import`: others' pages in, ALTO out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htr.cli.exporting import quiet as quiet_option
from htr.errors import ExitCode, UsageProblem
from htr.i18n import _, ngettext
from htr.settings import TranscribeSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from htr.exchange.importing import Imported, Observer

_SHOWN = 10


@click.command(
    "import",
    help=_(
        "Import pages from other systems into ALTO files, with their images, below the folder -o.\n"
        "\nSOURCE is any mix of folders and zip archives of ALTO, PAGE or hOCR files with their "
        "images (Transkribus and eScriptorium exports among them), such files themselves, METS "
        "files, and addresses of IIIF manifests, whose images are downloaded. What is there "
        "already is left alone, so the same command goes on after an interruption."
    ),
    short_help=_("Import PAGE, ALTO, hOCR, Transkribus, eScriptorium and IIIF."),
)
@click.argument("sources", nargs=-1, required=True, metavar=_("SOURCE..."))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar=_("ALTO_DIR"),
    help=_("The folder of ALTO files and images."),
)
@click.option(
    "--ground-truth",
    is_flag=True,
    help=_("People made these transcriptions: no machine overwrites them, training uses them."),
)
@click.option("--by", metavar=_("NAME"), help=_("By whom the ground truth was made."))
@click.option(
    "--max-size",
    type=click.IntRange(min=1),
    metavar=_("PIXELS"),
    help=_("Ask IIIF services for images no longer than this on either side."),
)
@click.option(
    "--pause",
    type=click.FloatRange(min=0),
    default=0.5,
    show_default=True,
    metavar=_("SECONDS"),
    help=_("Wait this long between two requests to a server."),
)
@click.option(
    "--allow-private",
    is_flag=True,
    help=_("Download from servers in private networks and on this computer too."),
)
@click.option(
    "--max-pixels",
    type=click.IntRange(min=1),
    default=TranscribeSettings().max_pixels,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("Refuse images with more pixels than this."),
)
@click.option("--force", is_flag=True, help=_("Replace files that are there, not corrected ones."))
@click.option(
    "--overwrite-corrections",
    is_flag=True,
    help=_("Replace even files that a person has corrected."),
)
@quiet_option
def command(
    sources: tuple[str, ...],
    output: Path,
    ground_truth: bool,
    by: str | None,
    max_size: int | None,
    pause: float,
    allow_private: bool,
    max_pixels: int,
    force: bool,
    overwrite_corrections: bool,
    quiet: bool,
) -> int:
    """Import pages and return the exit status."""
    if by is not None and not ground_truth:
        raise UsageProblem(
            _("--by says who made the ground truth."),
            hint=_("Add --ground-truth, or leave it out."),
        )
    from htr.exchange.download import Manners
    from htr.exchange.importing import ImportSettings, import_pages

    settings = ImportSettings(
        ground_truth=ground_truth,
        by=by,
        force=force,
        overwrite_corrections=overwrite_corrections,
        max_size=max_size,
        max_pixels=max_pixels,
        manners=Manners(pause=pause, allow_private=allow_private),
    )
    results = import_pages(sources, output, settings, _bar(quiet=quiet))
    failed = [result.error for result in results if result.error is not None]
    for error in failed:
        click.echo(_("Failed: {text}").format(text=error), err=True)
    if not quiet:
        click.echo(_summary(results, output), err=True)
    return ExitCode.PAGES_FAILED if failed else ExitCode.OK


def _bar(*, quiet: bool) -> Observer:
    """Return what shows a bar on a terminal, and a page more on it each time that it is called."""
    from tqdm import tqdm

    bar: Any = None

    def observe(_result: Imported, total: int) -> None:
        nonlocal bar
        bar = bar or tqdm(total=total, unit=_("page"), disable=True if quiet else None)
        bar.update()
        if bar.n == total:
            bar.close()

    return observe


def _summary(results: Sequence[Imported], output: Path) -> str:
    """Return what became of the pages as a few lines of text."""
    n: Counter[str] = Counter(result.status for result in results)
    parts = {
        "done": ngettext("{n} page imported", "{n} pages imported", n["done"]),
        "image": ngettext(
            "{n} image without text imported", "{n} images without text imported", n["image"]
        ),
        "unchanged": ngettext("{n} page unchanged", "{n} pages unchanged", n["unchanged"]),
        "kept": ngettext("{n} page kept", "{n} pages kept", n["kept"]),
        "failed": ngettext("{n} page failed", "{n} pages failed", n["failed"]),
    }
    lines = [", ".join(text.format(n=n[status]) for status, text in parts.items() if n[status])]
    kept = [result for result in results if result.status == "kept"]
    if kept:
        lines += ["", _("Kept, since they are corrected or come from elsewhere:")]
        lines += [f"  {result.target}" for result in kept[:_SHOWN]]
        lines.append(
            "  " + _("(--force replaces them, --overwrite-corrections corrected ones too)")
        )
    if n["image"]:
        command_line = f"htr transcribe {output} -o {output}"
        lines += ["", _("To transcribe the images: {command}").format(command=command_line)]
    lines.append(_("Results: {folder}").format(folder=output))
    return "\n".join(lines)
