"""Many pages: what is left to do, many at a time, with a log of what became of each."""
