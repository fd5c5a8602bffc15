"""Made-up yearly figures for the demonstration: seeded, realistic, marked 演示; pure code."""

from .district import district_payload

__all__ = ["district_payload"]
