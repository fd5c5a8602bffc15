"""What the city reads of improvement: prices of the districts, and what every unit lacks."""

from improvement.admin import prices

__all__ = ["prices"]
