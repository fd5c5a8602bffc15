"""Self-checks in the admin: what needs me, the year's board, the review, and everything to read."""

from . import deadlines, evidence, history, records, self_checks

__all__ = ["deadlines", "evidence", "history", "records", "self_checks"]
