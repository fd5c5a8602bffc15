"""The plan and its progress over REST: units, phases, progress, plan, certifications."""

from .certifications import CertificationResource, StepResource
from .plan import PhaseResource, PlanResource, PlanVersionResource
from .progress import DistrictResource, ProgressView

__all__ = [
    "CertificationResource",
    "DistrictResource",
    "PhaseResource",
    "PlanResource",
    "PlanVersionResource",
    "ProgressView",
    "StepResource",
]
