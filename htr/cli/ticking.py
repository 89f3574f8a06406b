"""A bar on stderr that counts pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def ticking(total: int | None, unit: str, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Give what to call for each page (or other `unit`) done; on a terminal a bar shows it."""
    from tqdm import tqdm

    with tqdm(total=total, unit=unit, disable=True if quiet else None) as bar:

        def tick() -> None:
            bar.update()

        yield tick
