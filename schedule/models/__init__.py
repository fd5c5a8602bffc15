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
from .look_back import CaseState, Grade, LookBack, LookBackEntry, Origin
from .plan import FIRST_YEAR, LAST_YEAR, Phase, PlannedCertification, PlanVersion

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Asked",
    "BasicBalance",
    "CaseState",
    "CertificationEvent",
    "CertificationList",
    "CertificationStep",
    "Grade",
    "LookBack",
    "LookBackEntry",
    "Origin",
    "Phase",
    "PlanVersion",
    "PlannedCertification",
    "Recorded",
    "Result",
    "StepLevel",
]
