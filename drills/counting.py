"""A plugin for pytest: counts what the tests ask the portal for, and what it answers."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.handlers.base import BaseHandler

PLACE = "DRILL_COUNTS"
counts: Counter[str] = Counter()
_whole = BaseHandler.get_response


def _counted(self: Any, request: Any) -> Any:
    response = _whole(self, request)
    counts["requests"] += 1
    counts["answers of 500 and more but 503, 507"] += is_broken(response.status_code)
    return response


def is_broken(status: int) -> bool:
    """503 and 507 say what happened and when to come back; others are mistakes of ours."""
    return status >= 500 and status not in (503, 507)


def pytest_configure() -> None:
    BaseHandler.get_response = _counted  # type: ignore[method-assign]


def pytest_runtest_logreport(report: Any) -> None:
    if report.when == "call" or report.skipped or report.failed:
        counts[report.outcome] += 1


def pytest_sessionfinish() -> None:
    Path(os.environ[PLACE]).write_text(json.dumps(counts))
