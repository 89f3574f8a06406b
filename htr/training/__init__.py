"""Models learned from ground truth: recognisers, segmenters, language models, calibrations."""
