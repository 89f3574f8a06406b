"""METS into its pages in order: each one's label, and the files that stand for it."""

from __future__ import annotations

from dataclasses import dataclass

from htr.formats.safe_xml import PathLike


@dataclass(frozen=True, slots=True)
class MetsPage:
    """A page of a METS file: its label, and its files' hrefs as the file has them.

    An href is a URI reference, percent-encoded, and comes from a stranger: it may be absolute, or
    lead out of the folder. None where the page has no such file.
    """

    label: str | None = None
    alto: str | None = None
    page_xml: str | None = None
    image: str | None = None


def read_mets(data: bytes, *, path: PathLike | None = None) -> tuple[MetsPage, ...]:
    """Return the pages of a METS file in the order of its physical structMap; opens no other file.

    Raises UnsafeXml for a DOCTYPE, and BadXml for anything that is not METS or names no page.
    """
    raise NotImplementedError
