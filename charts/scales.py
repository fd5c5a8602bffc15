"""Turns values into places on the drawing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Linear:
    """Maps the values between ``low`` and ``high`` onto the stretch from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, step: int) -> range:
        """Whole multiples of ``step`` inside the scale."""
        first = -(-int(self.low) // step) * step
        return range(first, int(self.high) + 1, step)
