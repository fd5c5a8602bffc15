"""Grants, consequences, guidance and monitoring of a unit, all through the services."""

from datetime import date
from decimal import Decimal
from typing import Any

from districts.models import District, User
from schedule.models import Grant, GrantDecision, MonitoringRound
from schedule.services import consequences, grants, monitoring
from schedule.services.commitments import open_overdue

ISSUED = date(2024, 2, 29)
DOCUMENT = "演示财〔2024〕1号"
WHY = "按规划推进，成效明显"


def issue(district: District, by: User, **more: Any) -> Grant:
    given = {
        "district": district,
        "amount": Decimal("1200000.00"),
        "issued_on": ISSUED,
        "purpose": "创建奖补(演示)",
        "document_number": DOCUMENT,
        **more,
    }
    return grants.issue(by=by, **given)


def decide(grant: Grant, kind: str, by: User, **more: Any) -> GrantDecision:
    given = {
        "kind": kind,
        "day": date(2026, 6, 1),
        "document_number": "演示函〔2026〕3号",
        "reason": "校舍工期顺延，经市级研究同意",
        **more,
    }
    return grants.decide(grant=grant, by=by, **given)


def everything_of(district: District, *, manager: User, officer: User) -> None:
    """One row of every kind."""
    school = district.schools.all()[0]
    promised = {"evidence": "演示", "commitment": "2026-01-31"}
    school.special_cases = {"B4.larger_limit": promised}
    school.save()
    open_overdue(by=None)
    grant = issue(district, manager)
    decide(grant, "void", manager)
    facts = {"district": district, "day": date(2026, 6, 1), "ground": WHY}
    consequences.record_consequence(by=manager, kind="support", document_number=DOCUMENT, **facts)
    begun = {"begun_on": date(2022, 6, 1), "reason": "差异系数多年偏高", "group": "差异系数类"}
    guided = consequences.begin_guidance(by=manager, district=district, kind="guided", **begun)
    said = {"day": date(2022, 7, 1), "words": "到校查看专用教室"}
    consequences.note_guidance(guidance=guided, by=manager, kind="visit", **said)
    rounds = MonitoringRound.objects.filter(year=2026)
    one = rounds.first() or monitoring.open_round(
        by=manager, year=2026, indicators=["A1"], due_on=date(2099, 12, 31)
    )
    figures = {("A1", "primary"): Decimal("0.31")}
    monitoring.enter(round=one, district=district, by=officer, figures=figures)
