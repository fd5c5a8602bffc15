"""Units, their successions, schools, people and API tokens."""

from .district import District, Succession
from .school import School
from .token import ApiToken
from .user import User

__all__ = ["ApiToken", "District", "School", "Succession", "User"]
