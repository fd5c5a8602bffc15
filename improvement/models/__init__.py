"""Prices and conditions a district sets, plans made from them, and scenarios."""

from .plan import Kind, Phase, Plan, State
from .scenario import Scenario
from .terms import Condition, UnitPrice

__all__ = ["Condition", "Kind", "Phase", "Plan", "Scenario", "State", "UnitPrice"]
