"""What only the pages of the book need; nothing else of the library imports it."""

from seeing.book.dragged import DraggedFigure
from seeing.book.numbers_in_text import cited, quoted

__all__ = ["DraggedFigure", "cited", "quoted"]
