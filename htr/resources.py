"""Where the files that ship with htr lie: in an installed package, or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """Return the folder of shipped data: `models` or `sample`.

    A wheel carries them below `htr/data`; a checkout (and an editable install) has them at its
    top level, as `models` and `corpora/sample`.
    """
    packed = _PACKAGE / "data" / name
    if packed.is_dir():
        return packed
    return _PACKAGE.parent / ("corpora/sample" if name == "sample" else name)
