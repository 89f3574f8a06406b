"""What a catalogue says of a register, as exports carry it in their metadata."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Description:
    """A register's title, language, creator, source reference (cote) and licence; None if unknown.

    `language` is a BCP 47 tag (`fr`, `la`, `fr-CA`); `licence` is a URL, an SPDX name or plain
    words, as the archive has it.
    """

    title: str | None = None
    language: str | None = None
    creator: str | None = None
    source: str | None = None
    licence: str | None = None
