"""Which words of a changed line still stand in the places of the old ones."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def keeps_places(before: Sequence[str], after: Sequence[str]) -> bool:
    """Say whether each word after stands for the one word before that has its place."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return all(
        tag == "equal" or (tag == "replace" and before_end - before_at == after_end - after_at)
        for tag, before_at, before_end, after_at, after_end in matcher.get_opcodes()
    )
