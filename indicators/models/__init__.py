"""Versions of the standard: indicators, thresholds, special cases and points left open."""

from .indicator import Indicator, Threshold
from .settled import OpenPoint, SpecialCase
from .standard import Standard

__all__ = ["Indicator", "OpenPoint", "SpecialCase", "Standard", "Threshold"]
