"""Self-checks in the admin: what needs me, the year's board, the review, and everything to read."""

from . import deadlines, history, records, self_checks

__all__ = ["deadlines", "history", "records", "self_checks"]
