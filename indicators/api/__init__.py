"""The standard and the calculation over REST."""

from .evaluating import EvaluateView
from .standards import IndicatorResource, StandardResource

__all__ = ["EvaluateView", "IndicatorResource", "StandardResource"]
