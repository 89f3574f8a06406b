"""The speed of htr beside kraken's: `python -m benchmarks.performance`, from the project's root."""
