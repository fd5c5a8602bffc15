"""The plan, its versions, certification steps and events in the admin."""

from . import certification, outcome, plans, procedure, statements

__all__ = ["certification", "outcome", "plans", "procedure", "statements"]
