"""Versions of the standard: indicators, thresholds, special cases and points left open."""

from .indicator import Indicator, Threshold
from .settled import Amendment, OpenPoint, SpecialCase
from .standard import Standard

__all__ = ["Amendment", "Indicator", "OpenPoint", "SpecialCase", "Standard", "Threshold"]
