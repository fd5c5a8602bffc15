"""Tests of what is lacking, mirroring improvement/shortfall."""
