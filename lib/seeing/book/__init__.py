"""What only the pages of the book need; nothing else of the library imports it."""

from seeing.book.dragged import DraggedFigure
from seeing.book.numbers_in_text import cited, quoted
from seeing.book.provenance import Provenance
from seeing.book.table import Table, table

__all__ = ["DraggedFigure", "Provenance", "Table", "cited", "quoted", "table"]
