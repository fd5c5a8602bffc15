"""Benchmarks: how fast the portal's heavy parts are, beside what others do."""
