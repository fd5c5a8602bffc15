"""Journeys: people's ways through the running portal, walked in a real browser."""

QUERIES = "X-Queries"  # the header in which the journeys' portal says what an answer cost
