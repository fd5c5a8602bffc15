"""Is this the template of this year and this district?"""

import re
from dataclasses import dataclass

from workbooks.findings import N_, Finding, Message, Refused
from workbooks.names import same_name
from workbooks.reader.grid import Book
from workbooks.wording import refusals, structure

from ..layout import IDENTITY_SHEET, TEMPLATE_ID
from ..reading import Expected


@dataclass(frozen=True)
class Identity:
    """Which template this is, for which year and unit; empty where the file does not say."""

    template: str = ""
    year: str = ""
    unit_code: str = ""
    unit_name: str = ""


def identity_of(book: Book) -> Identity:
    """The hidden sheet first: document properties do not survive every program."""
    pairs = book.properties
    for grid in book.grids:
        if grid.title == IDENTITY_SHEET:
            pairs = {line.text(1): line.text(2) for line in grid.lines}
    names = ("template", "year", "unit_code", "unit_name")
    return Identity(*(pairs.get(name, "") for name in names))


def check_identity(book: Book, expected: Expected, *, is_text: bool) -> list[Finding]:
    """``Refused`` for another year, district or version; a warning when the file does not say."""
    identity = identity_of(book)
    if not identity.template:
        return [] if is_text or expected == Expected() else [_unsigned(expected)]
    if identity.template != TEMPLATE_ID:
        reason = N_("文件的模板版本是 {found},这里用的是 {expected}")
        params = {"found": identity.template, "expected": TEMPLATE_ID}
        raise Refused(refusals.NOT_TEMPLATE, reason=Message(reason, params))
    _check_year(identity, expected)
    _check_unit(identity, expected)
    return []


def _check_year(identity: Identity, expected: Expected) -> None:
    year = re.sub(r"\.0$", "", identity.year)
    if expected.year and year and year != str(expected.year):
        raise Refused(refusals.WRONG_YEAR, found=year, expected=expected.year)


def _check_unit(identity: Identity, expected: Expected) -> None:
    if identity.unit_code and expected.unit_code:
        is_same = identity.unit_code == expected.unit_code
    else:
        names = (identity.unit_name, expected.unit_name)
        is_same = not all(names) or same_name(*names)
    if not is_same:
        found = identity.unit_name or identity.unit_code
        wanted = expected.unit_name or expected.unit_code
        raise Refused(refusals.WRONG_DISTRICT, found=found, expected=wanted)


def _unsigned(expected: Expected) -> Finding:
    what = f"{expected.unit_name or expected.unit_code}{expected.year or ''}"
    return Finding(structure.NO_IDENTITY, {"expected": what or N_("本次自查")})
