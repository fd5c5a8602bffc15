"""Words that several documents share, and figures as they print them."""

from collections.abc import Sized
from datetime import date
from decimal import Decimal

from districts.wording import day_text
from rest.books import Number

DEMO = "（演示数据，不是真实情况）"
NONE = "—"


class Printed(str):
    """What a document prints, with the number or day that a workbook holds in its place."""

    cell: Number | date

    def __new__(cls, text: str, cell: Number | date) -> "Printed":
        printed = super().__new__(cls, text)
        printed.cell = cell
        return printed


def yes(is_so: bool, words: str) -> str:
    return words if is_so else ""


def figure(
    exact: Decimal | int | str | None, text: str = "", unit: str = "", none: str = NONE
) -> str:
    """A number as ``text``, else without zeros that say nothing, then its unit; a dash for none."""
    if exact is None or exact == "":
        return none
    number = Decimal(exact)
    text = text or format(number.normalize(), "f")
    after = f" {unit}" if unit and unit != "%" else unit
    return Printed(f"{text}{after}", Number(number, len(text.partition(".")[2]), after))


def count(things: Sized) -> str:
    return figure(len(things))


def day_of(day: date | None, none: str = NONE, after: str = "") -> str:
    return Printed(f"{day_text(day)}{after}", day) if day else none
