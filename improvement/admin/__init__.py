"""What the city reads of improvement, and where it answers the public and publishes practice."""

from improvement.admin import feedback, practices, prices, school_plans, visits

__all__ = ["feedback", "practices", "prices", "school_plans", "visits"]
