"""From the bytes of an upload to values with cells and everything that is wrong with them."""

from .findings import Finding, Message, Refused, Severity
from .reading import Expected, Reading, RegisterSchool

__all__ = ["Expected", "Finding", "Message", "Reading", "Refused", "RegisterSchool", "Severity"]
