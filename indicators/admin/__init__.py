"""Versions of the standard and what they consist of, in the admin."""

from . import rows, standards

__all__ = ["rows", "standards"]
