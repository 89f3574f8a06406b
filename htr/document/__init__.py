"""What a page is, purely: geometry, text, order, confidences, error rates. Standard library only."""
