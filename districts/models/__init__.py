"""Units, their successions, schools, people and API tokens."""

from .district import District, FormerName, Succession, Township
from .school import FormerHome, School
from .sourced import Sourced
from .user import ApiToken, User

__all__ = [
    "ApiToken",
    "District",
    "FormerHome",
    "FormerName",
    "School",
    "Sourced",
    "Succession",
    "Township",
    "User",
]
