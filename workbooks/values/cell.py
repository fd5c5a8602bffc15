"""A cell as it stands in the file, and what reading it gave."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from ..findings import Kind

CellValue = str | int | float | bool | datetime | date | time | timedelta | None
Value = int | Decimal | str | None

NOT_APPLICABLE = "不适用"


# One of each for every cell of a district's file: named tuples are made fastest.
class Cell(NamedTuple):
    """``from_text`` marks files that hold nothing but text, where a number as text is no news."""

    value: CellValue
    is_percent: bool = False
    is_error: bool = False
    is_uncached: bool = False
    from_text: bool = False
    epoch_1904: bool = False
    shows_percent: bool = False  # a sign that is only for show

    @property
    def text(self) -> str:
        """What the person sees or typed, for messages and for keeping."""
        if self.value is None:
            return ""
        if self.is_percent and isinstance(self.value, int | float):
            return f"{plain(Decimal(str(self.value)) * 100)}%"
        if self.shows_percent:
            return f"{plain(Decimal(str(self.value)))}%"
        if isinstance(self.value, float) and self.value.is_integer():
            return plain(Decimal(str(self.value)))
        if isinstance(self.value, datetime) and self.value.time() == time():
            return self.value.date().isoformat()
        return str(self.value)


BLANK = Cell(None)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about a value; the reader adds where it stood."""

    kind: Kind
    params: dict[str, Any] = field(default_factory=dict)


class Parsed(NamedTuple):
    """``value`` is None both for a blank and for what could not be read; ``failed`` tells which."""

    value: Value
    remarks: tuple[Remark, ...] = ()
    failed: bool = False


NOTHING = Parsed(None)


def failure(kind: Kind, **params: Any) -> Parsed:
    return Parsed(None, (Remark(kind, params),), failed=True)


def remarked(value: Value, kind: Kind, **params: Any) -> Parsed:
    return Parsed(value, (Remark(kind, {"value": show(value), **params}),))


def plain(number: Decimal) -> str:
    """Digits only, without exponent or needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
