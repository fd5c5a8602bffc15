"""Units, schools, people, tokens and working days in the admin."""

from . import accounts, calendar, registers, successions

__all__ = ["accounts", "calendar", "registers", "successions"]
