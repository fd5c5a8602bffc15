"""Units, their successions, schools, people and API tokens."""

from .district import District, Succession
from .school import School
from .sourced import Sourced
from .user import ApiToken, User

__all__ = ["ApiToken", "District", "School", "Sourced", "Succession", "User"]
