"""`python -m htr` is `htr`."""

from htr.cli import main

main()
