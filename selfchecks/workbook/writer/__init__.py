"""Writes the template a district fills in."""

from .template import Prefill, write_template

__all__ = ["Prefill", "write_template"]
