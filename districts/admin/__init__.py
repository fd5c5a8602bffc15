"""Units, schools, people, tokens, addresses told of changes and working days in the admin."""

from . import accounts, calendar, hooks, registers, successions

__all__ = ["accounts", "calendar", "hooks", "registers", "successions"]
