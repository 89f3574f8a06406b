"""Make historical documents readable: scans in, ALTO with confidences out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("htr")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"
