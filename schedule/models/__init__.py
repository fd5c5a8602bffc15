"""The plan, and what came of it."""

from .certification import (
    Asked,
    BasicBalance,
    CertificationEvent,
    CertificationList,
    CertificationStep,
    Recorded,
    Result,
    StepLevel,
)
from .consequence import (
    Consequence,
    ConsequenceKind,
    Form,
    Guidance,
    GuidanceEntry,
    GuidanceKind,
    GuidanceStep,
)
from .grant import Decision, Grant, GrantDecision
from .look_back import CaseState, Grade, LookBack, LookBackEntry, Origin
from .monitoring import MonitoringFigure, MonitoringRound
from .plan import FIRST_YEAR, LAST_YEAR, Phase, PlannedCertification, PlanVersion
from .statement import Statement, Subject

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Asked",
    "BasicBalance",
    "CaseState",
    "CertificationEvent",
    "CertificationList",
    "CertificationStep",
    "Consequence",
    "ConsequenceKind",
    "Decision",
    "Form",
    "Grade",
    "Grant",
    "GrantDecision",
    "Guidance",
    "GuidanceEntry",
    "GuidanceKind",
    "GuidanceStep",
    "LookBack",
    "LookBackEntry",
    "MonitoringFigure",
    "MonitoringRound",
    "Origin",
    "Phase",
    "PlanVersion",
    "PlannedCertification",
    "Recorded",
    "Result",
    "Statement",
    "StepLevel",
    "Subject",
]
