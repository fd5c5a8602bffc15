"""Prices and conditions a district sets, plans made from them, scenarios, and the ledger."""

from .ledger import Problem, ProblemEntry
from .plan import Kind, Phase, Plan, State
from .scenario import Scenario
from .terms import Condition, UnitPrice

__all__ = [
    "Condition",
    "Kind",
    "Phase",
    "Plan",
    "Problem",
    "ProblemEntry",
    "Scenario",
    "State",
    "UnitPrice",
]
