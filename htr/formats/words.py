"""Words from the texts and glyphs of a file."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from htr.document.confidence import geometric_mean
from htr.document.geometry import Box
from htr.document.page import Glyph, Space, Word
from htr.document.text import clean, graphemes


def plain_words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, split at white space, of which no more than the text is known."""
    parts = text.split()
    words = [Word(aligned(part, ()), space=Space()) for part in parts]
    return (*words[:-1], replace(words[-1], space=None)) if words else ()


def aligned(text: str, parts: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """Return a word's text (NFC, no white space) as glyphs, one a grapheme.

    `parts` are the glyphs of the file. They may hold only the first code point of a grapheme, as
    ALTO's schema has it, or a grapheme's code points one by one, as kraken writes them. Where they
    tell of another text than `text`, as after a correction, nothing is kept of them.
    """
    clusters = graphemes(text)
    if len(parts) == len(clusters) and all(
        cluster.startswith(clean(part.text)) for cluster, part in zip(clusters, parts, strict=True)
    ):
        return tuple(
            part if part.text == cluster else replace(part, text=cluster)
            for cluster, part in zip(clusters, parts, strict=True)
        )
    bare = tuple(Glyph(cluster) for cluster in clusters)
    return (_merged(clusters, parts) or bare) if parts else bare


def _merged(clusters: Sequence[str], parts: Sequence[Glyph]) -> tuple[Glyph, ...] | None:
    """Return glyphs made of one or several successive parts each, or None if the texts differ."""
    rest = deque(parts)
    glyphs = []
    for cluster in clusters:
        taken: list[Glyph] = []
        while clean("".join(part.text for part in taken)) != cluster:
            if not rest:
                return None
            taken.append(rest.popleft())
        glyphs.append(_joined(cluster, taken))
    return None if rest else tuple(glyphs)


def _joined(cluster: str, taken: Sequence[Glyph]) -> Glyph:
    if len(taken) == 1:
        return replace(taken[0], text=cluster)
    return Glyph(
        cluster,
        box=Box.union(part.box for part in taken if part.box is not None),
        confidence=geometric_mean((part.confidence, 1.0) for part in taken),
    )
