"""The page, purely: geometry, text, order, confidences, error rates. Standard library only."""
