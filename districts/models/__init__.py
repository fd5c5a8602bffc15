"""Units, their successions, schools, people, API tokens, feeds and working days."""

from .calendar import CalendarDay
from .district import District, FormerName, Succession, Township
from .factor import SecondFactor
from .feed import DeadlineFeed
from .link import AccountLink
from .school import FormerHome, School
from .sourced import Sourced
from .user import ApiToken, User

__all__ = [
    "AccountLink",
    "ApiToken",
    "CalendarDay",
    "DeadlineFeed",
    "District",
    "FormerHome",
    "FormerName",
    "School",
    "SecondFactor",
    "Sourced",
    "Succession",
    "Township",
    "User",
]
