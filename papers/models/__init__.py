"""Templates an office has made its own, what the application form asks for, many at once."""

from .answers import FormAnswers
from .batch import Batch, BatchState
from .template import Template

__all__ = ["Batch", "BatchState", "FormAnswers", "Template"]
