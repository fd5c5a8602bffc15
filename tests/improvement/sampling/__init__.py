"""Tests of the sample of schools that are visited."""
