"""What a catalogue says of a register, as exports carry it in their metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPDX = re.compile(r"CC[- ](BY(?:-NC)?(?:-SA|-ND)?)[- ]([1-4]\.[05])", re.IGNORECASE)
_ZERO = re.compile(r"CC[- ]?0(?:[- ]1\.0)?", re.IGNORECASE)
_KNOWN = re.compile(r"https?://(?:www\.)?((?:creativecommons|rightsstatements)\.org/.+)")


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

    @property
    def licence_uri(self) -> str | None:
        """The licence's URI at Creative Commons or RightsStatements.org, None for any other.

        It begins with `http:`, which is how both write their identifiers, and so does IIIF
        (Presentation 3.0, section 3.2, `rights`).
        """
        text = (self.licence or "").strip()
        if known := _KNOWN.fullmatch(text):
            return f"http://{known[1]}"
        if licence := _SPDX.fullmatch(text):
            return f"http://creativecommons.org/licenses/{licence[1].lower()}/{licence[2]}/"
        zero = _ZERO.fullmatch(text)
        return "http://creativecommons.org/publicdomain/zero/1.0/" if zero else None
