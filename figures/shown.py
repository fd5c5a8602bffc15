"""Computed figures as a version of the standard publishes them; judged is what is not rounded.

Reported figures and shortfalls keep the places they are reported with, thresholds are written as
the standard has them, and machines read six places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

VALUE = 2  # the seven indicators, their means and deviations
COEFFICIENT = 3
RATE = 1  # of a percentage
FINEST = 6  # what is stored has no more


class Version(Protocol):
    """A version of the standard, as rows or as rules; None is not settled by an early one."""

    @property
    def shown_digits(self) -> int: ...
    @property
    def coefficient_digits(self) -> int | None: ...
    @property
    def rate_digits(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Places:
    """How many decimals are published; what is not settled is as on the application form."""

    value: int = VALUE
    coefficient: int = COEFFICIENT
    rate: int = RATE

    @classmethod
    def of(cls, version: Version) -> "Places":
        coefficient, rate = version.coefficient_digits, version.rate_digits
        return cls(
            version.shown_digits,
            COEFFICIENT if coefficient is None else coefficient,
            RATE if rate is None else rate,
        )


FORM = Places()


def shown(
    number: str | Decimal,
    places: int,
    *,
    least: tuple[str | Decimal, ...] = (),
    most: str | Decimal | None = None,
) -> str:
    """Half up, with so many places more that no limit seems kept that is not.

    ``least`` are the limits the number should reach, ``most`` the one it should not pass: 4.196
    against 4.2 is not shown as 4.20.
    """
    exact = Decimal(number)
    missed = [limit for limit in map(Decimal, least) if exact < limit]
    passed = [limit for limit in (most,) if limit is not None and exact > Decimal(limit)]
    for enough in range(places, max(places, FINEST) + 1):
        text = exact.quantize(Decimal(1).scaleb(-enough), ROUND_HALF_UP)
        if all(text < limit for limit in missed) and all(text > Decimal(m) for m in passed):
            return str(text)
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def percent(rate: str | Decimal, places: int = RATE, least: str | Decimal | None = None) -> str:
    """96.4% for 0.9643; ``least`` is the rate it should reach."""
    needed = () if least is None else (Decimal(least) * 100,)
    return f"{shown(Decimal(rate) * 100, places, least=needed)}%"


def adding_up(parts: Sequence[Decimal], step: Decimal, rounding: str) -> list[Decimal]:
    """Parts in whole steps that add up to their sum in whole steps.

    Each lies less than a step from what it is: those with most left over are shown a step higher.
    """
    whole = (sum(parts, Decimal()) / step).to_integral_value(rounding)
    floors = [part // step for part in parts]
    larger = sorted(range(len(parts)), key=lambda at: floors[at] * step - parts[at])
    for at in larger[: int(whole - sum(floors))]:
        floors[at] += 1
    return [number * step for number in floors]
