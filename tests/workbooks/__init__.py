"""Workbooks as people really send them, built by code."""
