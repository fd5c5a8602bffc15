"""Self-checks over REST: the workbook in, findings out, results, steps and their trail."""

from .results import EvaluationResource, EvaluationView
from .self_checks import SelfCheckResource
from .steps import StepsView, TrailResource
from .uploads import MarkedView, TemplateView, UploadResource, UploadView

__all__ = [
    "EvaluationResource",
    "EvaluationView",
    "MarkedView",
    "SelfCheckResource",
    "StepsView",
    "TemplateView",
    "TrailResource",
    "UploadResource",
    "UploadView",
]
