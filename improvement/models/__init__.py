"""Prices and conditions a district sets, plans, scenarios, the ledger, visits, practices."""

from .ledger import Problem, ProblemEntry
from .plan import Kind, Phase, Plan, State
from .practice import Practice, PracticeState
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
    "Practice",
    "PracticeState",
    "Problem",
    "ProblemEntry",
    "Scenario",
    "SchoolVisit",
    "State",
    "UnitPrice",
    "Visit",
    "VisitState",
]
