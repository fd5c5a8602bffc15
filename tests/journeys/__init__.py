"""Journeys: people's ways through the running portal, walked in a real browser."""
