"""Tests of on-site visits."""
