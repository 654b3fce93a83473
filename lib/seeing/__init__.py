"""The library of the course Seeing Fairly: every op and model that the book teaches, written to be read."""

__version__ = "0.1.0"
