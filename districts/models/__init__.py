"""Units, their successions, schools, people, API tokens, feeds and working days."""

from .calendar import CalendarDay
from .district import District, FormerName, Succession, Township
from .feed import DeadlineFeed
from .school import FormerHome, School
from .sourced import Sourced
from .user import ApiToken, User

__all__ = [
    "ApiToken",
    "CalendarDay",
    "DeadlineFeed",
    "District",
    "FormerHome",
    "FormerName",
    "School",
    "Sourced",
    "Succession",
    "Township",
    "User",
]
