"""Units, successions, schools, people, API tokens, feeds, hooks, saved views, working days."""

from .calendar import CalendarDay
from .district import District, FormerName, Township
from .factor import SecondFactor
from .feed import DeadlineFeed
from .hook import Delivery, Hook
from .link import AccountLink
from .saved import SavedView
from .school import FormerHome, School
from .sourced import Sourced
from .succession import Succession
from .user import ApiToken, User

__all__ = [
    "AccountLink",
    "ApiToken",
    "CalendarDay",
    "DeadlineFeed",
    "Delivery",
    "District",
    "FormerHome",
    "FormerName",
    "Hook",
    "SavedView",
    "School",
    "SecondFactor",
    "Sourced",
    "Succession",
    "Township",
    "User",
]
