"""Reported numbers as whole numbers of smallest steps: read strictly, written without rounding."""

import re
from decimal import Decimal

from indicators.calculation.problems import Unreadable, shown

_PLAIN = re.compile(r"(-?)([0-9]{1,20})(?:\.([0-9]{1,20}))?")


def read_steps(value: object, places: int, largest: int) -> int:
    """A number as whole steps of 10^-places, e.g. ``"12.5"`` with 2 places → 1250.

    Takes whole numbers, plain decimal text and JSON floats (by their shortest text); raises
    Unreadable for anything else, below zero, finer than ``places`` or above ``largest``.
    """
    steps = value * 10**places if type(value) is int else _parse(value, places)
    if steps < 0:
        raise Unreadable("negative", found=shown(value))
    if steps > largest * 10**places:
        raise Unreadable("too_large", found=shown(value), limit=largest)
    return steps


def _parse(value: object, places: int) -> int:
    if isinstance(value, bool):
        raise Unreadable("is_boolean")
    plain = _PLAIN.fullmatch(str(value)) if isinstance(value, str | float | Decimal) else None
    if plain is None:
        raise Unreadable("not_number", found=shown(value))
    sign, whole, fraction = plain.groups("")
    fraction = fraction.rstrip("0")
    if len(fraction) > places:
        code = "too_many_places" if places else "not_whole"
        raise Unreadable(code, found=shown(value), places=places)
    return int(sign + whole + fraction.ljust(places, "0"))


def write_steps(steps: int, places: int) -> str:
    """Steps back as text with all its places; zero is ``"0"``."""
    if not places or not steps:
        return str(steps)
    return set_point(steps, places)


def set_point(steps: int, places: int) -> str:
    """Whole steps, not below zero, with the decimal point before the last ``places`` digits."""
    digits = str(steps).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}"


def write_decimal(number: Decimal, least_places: int = 0) -> str:
    """A decimal without needless zeros, with at least ``least_places`` decimals."""
    text = format(number.normalize(), "f")
    have = len(text.partition(".")[2])
    if have >= least_places:
        return text
    return format(number, f".{least_places}f")


def write_ratio(numerator: int, denominator: int) -> str:
    """A quotient of whole numbers with six places, half up."""
    return set_point((numerator * 2_000_000 + denominator) // (2 * denominator), 6)
