"""Prices and conditions a district sets, plans, scenarios, the ledger, visits of schools."""

from .ledger import Problem, ProblemEntry
from .plan import Kind, Phase, Plan, State
from .scenario import Scenario
from .terms import Condition, UnitPrice
from .visit import Draw, Visit, VisitState
from .visit_school import Finding, FindingKind, Photo, SchoolVisit

__all__ = [
    "Condition",
    "Draw",
    "Finding",
    "FindingKind",
    "Kind",
    "Phase",
    "Photo",
    "Plan",
    "Problem",
    "ProblemEntry",
    "Scenario",
    "SchoolVisit",
    "State",
    "UnitPrice",
    "Visit",
    "VisitState",
]
