"""Units, schools, people and tokens in the admin."""

from . import people, schools, tokens, units

__all__ = ["people", "schools", "tokens", "units"]
