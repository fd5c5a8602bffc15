"""Opens a guarded file in a confined child and finds headers, lines and values in it."""

from ..guard import Inspection
from ..guard.kind import CSV
from .child import confined
from .excel import read_excel
from .grid import Book
from .text_file import read_text_file


def open_book(
    content: bytes, inspection: Inspection, not_read: frozenset[str] = frozenset()
) -> Book:
    """Every sheet as it stands in the file, opened where it can do no harm."""
    if inspection.kind == CSV:
        return confined(read_text_file, content)
    return confined(read_excel, content, inspection, not_read)
