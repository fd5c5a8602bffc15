"""Do the figures fit each other, last year and the school register? Plain data in, findings out."""

from collections.abc import Iterator

from ..findings import Finding
from ..layout import SCHOOLS
from ..reading import Expected, Reading
from .copies import check_copies
from .parts import check_district, check_school
from .register import check_register
from .thresholds import DEFAULT, Thresholds
from .unusual import check_last_year, check_ratios

__all__ = ["DEFAULT", "Thresholds", "check"]


def check(
    reading: Reading, expected: Expected, thresholds: Thresholds = DEFAULT
) -> tuple[Finding, ...]:
    """Everything that cannot be seen by looking at one cell."""
    return tuple(_findings(reading, expected, thresholds))


def _findings(reading: Reading, expected: Expected, thresholds: Thresholds) -> Iterator[Finding]:
    for row in reading.schools:
        yield from check_school(row)
        yield from check_ratios(row, thresholds)
        yield from check_last_year(row, expected.last_year, thresholds)
    yield from check_copies(reading.schools, thresholds)
    yield from check_district(reading)
    if SCHOOLS.name in reading.sheets:
        yield from check_register(reading.schools, expected.register)
