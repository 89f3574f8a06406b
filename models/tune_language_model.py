"""Find how much a language model is to count beside a recogniser, and store that in its entry.

    python models/tune_language_model.py french-registers-1 french-registers-lm \
        ../shared/corpora/lines/*.tar ../shared/corpora/val

Lines of ground truth that neither has learned from are read with other weights by turns (of tars,
those of the split `val`); the recogniser's entry in the index then names the language model. Run
`htr calibrate` after it: confidences change with the weights.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from htr.engine import EngineSpec, models
from htr.engine.models import LanguageUse, LanguageWeights
from htr.training.calibrate import held_out
from htr.training.entries import store_language
from htr.training.language.tuning import tune


def main() -> None:
    """Tune, store and say what it brought."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recogniser")
    parser.add_argument("model")
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="print, and store nothing")
    arguments = parser.parse_args()
    recogniser = models.recogniser(arguments.recogniser)
    model = models.language_model(arguments.model)
    spec = EngineSpec(recogniser, models.segmenter(None))

    def observe(weights: LanguageWeights, cer: float) -> None:
        print(f"weight {weights.weight:.2f}, bonus {weights.bonus:.2f}: CER {cer:.4f}", flush=True)

    tuned = tune(spec, model, held_out(arguments.sources), observe)
    gain = 1 - tuned.with_model / tuned.without
    print(f"{tuned.lines} lines: CER {tuned.without:.4f} without, {tuned.with_model:.4f} with")
    print(f"errors taken away: {gain:.1%}")
    if not arguments.dry_run:
        print(store_language(recogniser, LanguageUse(model.name, tuned.weights)))


if __name__ == "__main__":
    main()
