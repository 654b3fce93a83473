"""What only the pages of the book need; nothing else of the library imports it."""

from .numbers_in_text import cited, quoted

__all__ = ["cited", "quoted"]
