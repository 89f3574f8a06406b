"""`htr corpus fetch`: public ground truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htr.cli.exporting import quiet as quiet_option
from htr.i18n import _, decimal, ngettext

if TYPE_CHECKING:
    from htr.corpus.descriptors import Descriptor
    from htr.corpus.fetching import Fetched


@click.command(
    "fetch",
    help=_(
        "Download a public corpus into the folder -o, check and unpack it, and write down beside "
        "it where it is from and under which licence (SOURCE.toml). Without NAME, the corpora that "
        "htr knows are listed; NAME may also be a descriptor of one's own (YAML, in the form of "
        "HTR-United's catalogue). A download that breaks off goes on where it stopped."
    ),
    short_help=_("Download public ground truth."),
)
@click.argument("name", required=False, metavar=_("NAME"))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=_("FOLDER"),
    help=_("The folder to make; one of the corpus's name, if not given."),
)
@click.option("--yes", is_flag=True, help=_("Agree to the licence without being asked."))
@click.option("--again", is_flag=True, help=_("Download what is there already once more."))
@click.option(
    "--allow-private",
    is_flag=True,
    help=_("Download from servers in private networks and on this computer too."),
)
@quiet_option
def command(
    name: str | None,
    output: Path | None,
    yes: bool,
    again: bool,
    allow_private: bool,
    quiet: bool,
) -> None:
    """Fetch a corpus, or list those that are known."""
    from htr.corpus import descriptors

    if name is None:
        for one in descriptors.known():
            click.echo(f"{one.name}\n{_described(one)}\n")
        return
    corpus = descriptors.descriptor(name)
    click.echo(_described(corpus), err=True)
    if not yes:
        question = _("Do you agree to the licence {licence} and to credit the authors?")
        click.confirm(question.format(licence=corpus.licence), abort=True, err=True)
    from htr.corpus.fetching import fetch
    from htr.exchange.download import Client, Manners

    with Client(Manners(allow_private=allow_private)) as client:
        fetched = fetch(corpus, output or Path(corpus.name), client, again=again)
    if not quiet:
        click.echo(_said(fetched), err=True)


def _described(corpus: Descriptor) -> str:
    """Return what a corpus is, in a few lines of text."""
    first, last = corpus.period
    volume = ", ".join(_counted(metric, count) for metric, count in corpus.volume)
    facts = [
        f"{corpus.title}, {first}" + ("" if first == last else f"–{last}"),
        corpus.description,
        _("By: {authors}").format(authors=", ".join(corpus.authors)),
        _("Volume: {volume}").format(volume=volume),
        _("Licence: {licence} {url}").format(licence=corpus.licence, url=corpus.licence_url),
        _("Source: {url}").format(url=corpus.url),
    ]
    if corpus.size:
        facts.append(_("Download: {size} MB").format(size=decimal(corpus.size / 1e6)))
    return "\n".join(f"  {fact}" for fact in facts if fact)


def _counted(metric: str, count: int) -> str:
    """Return a count of what HTR-United's catalogue counts, in words."""
    known = {
        "characters": ngettext("{n} character", "{n} characters", count),
        "files": ngettext("{n} file", "{n} files", count),
        "lines": ngettext("{n} line", "{n} lines", count),
        "pages": ngettext("{n} page", "{n} pages", count),
        "regions": ngettext("{n} region", "{n} regions", count),
    }
    return known.get(metric, "{n} " + metric).format(n=count)


def _said(fetched: Fetched) -> str:
    """Return what came of a fetch, in a few lines of text."""
    if not fetched.new:
        return _("It is there already: {folder}. --again downloads it once more.").format(
            folder=fetched.folder
        )
    count = ngettext("{n} file: {folder}", "{n} files: {folder}", fetched.files)
    trust = {
        "described": _("The archive is the one described (SHA-256 {digest})."),
        "first": _(
            "The descriptor does not say what the archive's SHA-256 must be; it is {digest}, which "
            "SOURCE.toml keeps for the next time."
        ),
        "same": _("The archive is the same as before (SHA-256 {digest})."),
        "changed": _("The archive is not the same as before (SHA-256 now {digest})."),
    }[fetched.trust]
    return "\n".join(
        (
            count.format(n=fetched.files, folder=fetched.folder),
            trust.format(digest=fetched.sha256),
            _("Source and licence are in {file}.").format(file=fetched.folder / "SOURCE.toml"),
        )
    )
