"""Phases, plan versions, certification steps and events."""

from .certification import CertificationEvent, CertificationStep
from .plan import Phase, PlannedCertification, PlanVersion

__all__ = [
    "CertificationEvent",
    "CertificationStep",
    "Phase",
    "PlanVersion",
    "PlannedCertification",
]
