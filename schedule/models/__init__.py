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
from .plan import FIRST_YEAR, LAST_YEAR, Phase, PlannedCertification, PlanVersion

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Asked",
    "BasicBalance",
    "CertificationEvent",
    "CertificationList",
    "CertificationStep",
    "Phase",
    "PlanVersion",
    "PlannedCertification",
    "Recorded",
    "Result",
    "StepLevel",
]
