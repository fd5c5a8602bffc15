"""Computed figures as the national application form prints them; judged is what is not rounded.

Reported figures and shortfalls keep the places they are reported with, thresholds are written as
the standard has them, and machines read six places.
"""

from decimal import ROUND_HALF_UP, Decimal

VALUE = 2  # the seven indicators, their means and deviations
COEFFICIENT = 3
RATE = 1  # of a percentage


def shown(number: str | Decimal, places: int) -> str:
    return str(Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def percent(rate: str | Decimal) -> str:
    """96.4% for 0.9643."""
    return f"{shown(Decimal(rate) * 100, RATE)}%"
