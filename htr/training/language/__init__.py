"""Language models of letters from texts: counted, smoothed, weighed."""
