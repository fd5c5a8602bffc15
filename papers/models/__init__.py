"""Templates an office has made its own."""

from .template import Template

__all__ = ["Template"]
