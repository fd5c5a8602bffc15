"""Templates an office has made its own, and what the application form asks for."""

from .answers import FormAnswers
from .template import Template

__all__ = ["FormAnswers", "Template"]
