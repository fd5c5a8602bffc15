"""Cases of 回头看 for the tests: one open, one under a time limit, and how to revoke."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from districts.models import District, User
from schedule.models import LookBack
from schedule.services.look_back_steps import take_step
from tests.schedule.applying import failing, reach, schools, self_check

__all__ = ["failing", "reach", "schools", "self_check"]

WORDS = "逐校核实，补齐经费，2027年6月底前完成"
REVOCATION = {"document_number": "演示函〔2026〕2号", "source": "https://cq.gov.cn/x"}


@pytest.fixture
def case(failing: District) -> LookBack:
    """沙坪坝区, certified in March 2025, approved again in 2026 with B7 not met."""
    return LookBack.objects.get(district=failing)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], date]:
    """A function: let so many days pass; returns the new day."""

    def _later(days: int) -> date:
        moment = timezone.now() + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return timezone.localdate()

    return _later


def walk(case: LookBack, *steps: tuple[str, User]) -> LookBack:
    for step, by in steps:
        take_step(look_back=case, step=step, by=by, comment=WORDS)
    case.refresh_from_db()
    return case


@pytest.fixture
def limited(
    case: LookBack,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
) -> LookBack:
    return walk(case, ("plan", chen_officer), ("report", zhao_signatory), ("limit", zhou_inspector))


def revoke(case: LookBack, by: User, **more: Any) -> LookBack:
    given = {"day": timezone.localdate(), **REVOCATION, **more}
    take_step(look_back=case, step="revoke", by=by, comment=WORDS, **given)
    case.refresh_from_db()
    return case
