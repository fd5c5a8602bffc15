"""Units, schools, people and tokens in the admin."""

from . import accounts, registers

__all__ = ["accounts", "registers"]
