"""Blend a fine-tuned recogniser with its base, so that less of what the base knew is forgotten.

    python models/blend.py BASE TUNED SHARE OUT

OUT holds SHARE of TUNED's weights and the rest of BASE's, both kraken recognisers of one network
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). Choose SHARE on `val`.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

from kraken.models import load_models
from kraken.models.writers import write_coreml


def blend(base: Path, tuned: Path, share: float, out: Path) -> None:
    """Writes the blend of two models as a kraken CoreML file."""
    model = load_models(tuned, tasks=["recognition"])[0]
    weights = load_models(base, tasks=["recognition"])[0].state_dict()
    mixed = {name: weights[name].lerp(value, share) for name, value in model.state_dict().items()}
    model.load_state_dict(mixed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        write_coreml([model], out)


if __name__ == "__main__":
    blend(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
