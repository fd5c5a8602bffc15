"""The door: what kind of file it is, then opened in a confined child."""

from ..guard import Scanner, screen
from ..guard.kind import CSV, refuse_unless_named_xlsx, tell_kind
from .child import confined
from .excel import read_excel
from .grid import Book
from .text_file import read_text_file

NOTHING: frozenset[str] = frozenset()


def open_book(
    content: bytes,
    filename: str,
    *,
    not_read: frozenset[str] = NOTHING,
    scan: Scanner | None = None,
) -> Book:
    """Every sheet as it stands in the file, opened where it can do no harm; or ``Refused``."""
    screen(content, scan=scan)
    if tell_kind(content, filename) == CSV:
        return confined(read_text_file, content)
    book = confined(read_excel, content, not_read)
    refuse_unless_named_xlsx(filename)
    return book
