"""The one path of an upload: guard, read, check; every problem of the file in one pass."""

from workbooks.guard import Scanner

from .checks import check
from .reader import open_book, read
from .reading import Expected, Reading

NOTHING_EXPECTED = Expected()


def examine(
    content: bytes,
    filename: str,
    expected: Expected = NOTHING_EXPECTED,
    *,
    scan: Scanner | None = None,
) -> Reading:
    """What the file says and everything wrong with it; ``Refused`` when it cannot be taken."""
    reading = read(open_book(content, filename, scan), expected)
    return reading.with_findings(check(reading, expected)).in_order()
