"""The plan, its versions, certification steps and events in the admin."""

from . import certification, plans, procedure

__all__ = ["certification", "plans", "procedure"]
