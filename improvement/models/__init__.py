"""What a district sets and plans, school plans, the ledger, visits, practices, feedback."""

from .feedback import Feedback, FeedbackState
from .ledger import Problem, ProblemEntry
from .plan import Kind, Phase, Plan, State
from .practice import Practice, PracticeState
from .scenario import Scenario
from .school_plan import Funding, Measure, Progress, SchoolPlan, Stage, Unit
from .school_plan_trail import Revision, SchoolPlanEntry
from .terms import Condition, UnitPrice
from .visit import Draw, Visit, VisitState
from .visit_school import Finding, FindingKind, Photo, SchoolVisit

__all__ = [
    "Condition",
    "Draw",
    "Feedback",
    "FeedbackState",
    "Finding",
    "FindingKind",
    "Funding",
    "Kind",
    "Measure",
    "Phase",
    "Photo",
    "Plan",
    "Practice",
    "PracticeState",
    "Problem",
    "ProblemEntry",
    "Progress",
    "Revision",
    "Scenario",
    "SchoolPlan",
    "SchoolPlanEntry",
    "SchoolVisit",
    "Stage",
    "State",
    "Unit",
    "UnitPrice",
    "Visit",
    "VisitState",
]
