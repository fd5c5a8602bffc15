"""Tests of changes thought of, mirroring improvement/scenario."""
