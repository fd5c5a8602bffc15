"""Units, their successions, schools, people, API tokens and working days."""

from .calendar import CalendarDay
from .district import District, FormerName, Succession, Township
from .school import FormerHome, School
from .sourced import Sourced
from .user import ApiToken, User

__all__ = [
    "ApiToken",
    "CalendarDay",
    "District",
    "FormerHome",
    "FormerName",
    "School",
    "Sourced",
    "Succession",
    "Township",
    "User",
]
