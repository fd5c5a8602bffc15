"""Templates in the admin."""

from .templates import TemplateAdmin

__all__ = ["TemplateAdmin"]
