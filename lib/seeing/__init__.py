"""The library of the course Seeing Fairly: every op and model that the book teaches, written to be read."""

import sys

from seeing.moved import MovedModules

__version__ = "0.1.0"

sys.meta_path.append(MovedModules())
