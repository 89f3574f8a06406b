"""Where the files that ship with htr lie: in an installed package, or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """Return the folder of shipped data: `models`, `sample`, `one-hand`, `descriptors`.

    A wheel carries them below `htr/data`; a checkout (and an editable install) has them at its
    top level, as `models` and, for the others, in `corpora`.
    """
    packed = _PACKAGE / "data" / name
    if packed.is_dir():
        return packed
    return _PACKAGE.parent / (name if name == "models" else f"corpora/{name}")
