"""Drills: what takes too long, or breaks too much, for every run of the suite.

Each module is one drill: ``ROWS`` of ``docs/reliability.md`` it speaks of, ``run(share)`` that does
it (a share of 1 in full) and returns its figures, and fails when one is not as it must be.
"""
