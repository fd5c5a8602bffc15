"""From the bytes of an upload to values with cells and everything that is wrong with them."""

from workbooks.findings import (
    Finding,
    Message,
    Refused,
    Severity,
    by_pattern,
    by_row,
    count_by_severity,
)
from workbooks.guard import only_file
from workbooks.names import display_file_name

from .examine import examine
from .reading import Expected, Reading, RegisterSchool
from .wording import KINDS

__all__ = [
    "KINDS",
    "Expected",
    "Finding",
    "Message",
    "Reading",
    "Refused",
    "RegisterSchool",
    "Severity",
    "by_pattern",
    "by_row",
    "count_by_severity",
    "display_file_name",
    "examine",
    "only_file",
]
