"""Ground truth as a corpus: its lines, its splits, its checks, its statistics."""
