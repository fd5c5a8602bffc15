"""Units that may and may not apply, for the tests of applications."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from districts.models import District, User
from schedule.models import CertificationEvent, CertificationStep
from schedule.services.applying import Condition, conditions_of
from schedule.services.certifications import record_event
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import (
    decide,
    keep_clean,
    reach,
    schools,
    self_check,
)

__all__ = ["reach", "schools", "self_check"]

REASON = "区县当场补正,市级专题会议同意先行申报"
EVENTS = "/admin/schedule/certificationevent/"
SOURCE = {"document_number": "演示函〔2026〕1号", "source": "https://cq.gov.cn/"}
Reach = Callable[[str], SelfCheck]
pytestmark = pytest.mark.django_db


def asked(unit: District, day: date | None = None) -> dict[str, Condition]:
    return {str(each.code): each for each in conditions_of([unit], day)[unit.code]}


def states(unit: District, day: date | None = None) -> dict[str, str]:
    return {code: each.state for code, each in asked(unit, day).items()}


def application() -> CertificationStep:
    return CertificationStep.objects.get(year=2025, is_application=True)


def apply_for(unit: District, by: User | None, **more: Any) -> CertificationEvent:
    return record_event(
        district=unit, step=application(), result="started", day=today(), by=by, **more
    )


@pytest.fixture
def failing(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> District:
    """沙坪坝区 with an approved self-check that fails B7."""
    keep_clean(self_check, chen_officer, district={"B7.special_budget_per_pupil": 100})
    for step, by in (
        ("send_for_signature", chen_officer),
        ("submit", zhao_signatory),
        ("take_up", zhou_inspector),
    ):
        take_step(self_check=self_check, step=step, by=by)
    decide(self_check, "approve", zhou_inspector)
    return self_check.district
