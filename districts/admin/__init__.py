"""Units, schools, people and tokens in the admin."""

from . import accounts, registers, successions

__all__ = ["accounts", "registers", "successions"]
