"""The plan, its versions, certification steps and events in the admin."""

from . import certification, phases, plans

__all__ = ["certification", "phases", "plans"]
