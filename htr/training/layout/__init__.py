"""The layout learned from pages: kraken's segmentation network, trained by kraken's trainer."""
