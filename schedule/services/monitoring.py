"""指标监测: opens the yearly round, keeps what units enter, and says who moves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import check, record, snapshot
from districts.models import District, User
from districts.roles import DISTRICT_ROLES, Role
from districts.wording import day_text
from indicators.calculation.scheme import CODES, STAGES
from indicators.models import Standard
from indicators.services.rules import rules_of
from schedule.models import MonitoringFigure, MonitoringRound
from schedule.services.reading import today
from selfchecks.models import IndicatorResult
from selfchecks.services.readiness import latest_approvals

ROUND_FIELDS = ("year", "indicators", "document_number", "due_on")
MAY_OPEN = (Role.INSPECTOR, Role.MANAGER)
HIGHEST = Decimal(10)
Key = tuple[str, str]  # indicator and stage


@dataclass(frozen=True, slots=True)
class Cell:
    """One coefficient of one unit: now, before, and against its limit; None where not known."""

    indicator: str
    stage: str
    value: Decimal | None
    before: Decimal | None
    limit: Decimal

    @property
    def verdict(self) -> str:
        """Unknown is never a pass."""
        if self.value is None:
            return "unknown"
        return "met" if self.value <= self.limit else "not_met"

    @property
    def moved(self) -> Decimal | None:
        if self.value is None or self.before is None:
            return None
        return self.value - self.before


@transaction.atomic
def open_round(*, by: User, is_demo: bool = False, **fields: Any) -> MonitoringRound:
    """Open the round of a year for some of A1 to A7. Raises NotAllowed, Unusable."""
    if by.role not in MAY_OPEN:
        raise NotAllowed(_("指标监测由市级督学或市级管理员开启，您的账号不能做这一步。"))
    row = MonitoringRound(opened_by=by, opened_at=timezone.now(), is_demo=is_demo, **fields)
    check(row, unique=_("这一年的指标监测已经开启。"))
    if not 2000 <= row.year <= min(2100, row.due_on.year):
        raise Unusable.at("year", _("请填 2000 年以后、不晚于填报截止日那一年的年度。"))
    known = isinstance(row.indicators, list) and set(row.indicators) <= set(CODES)
    if not known or not row.indicators:
        raise Unusable.at("indicators", _("重点指标应从 A1 到 A7 里选，至少一项。"))
    row.indicators = [code for code in CODES if code in row.indicators]
    row.save()
    record(action="monitoring.open", by=by, on=row, changes=snapshot(row, *ROUND_FIELDS))
    return row


@transaction.atomic
def enter(
    *,
    round: MonitoringRound,
    district: District,
    by: User,
    figures: Mapping[Key, Decimal | None],
) -> int:
    """Keep the coefficients of one's own unit until the last day; None leaves one as it is.

    Returns how many changed. Raises NotAllowed, Conflict after the last day, Unusable.
    """
    if by.role not in DISTRICT_ROLES or by.district_id != district.pk:
        raise NotAllowed(_("监测数据由本区县填报，您的账号不能做这一步。"))
    if today() > round.due_on:
        raise Conflict(_("这一轮监测已于 %s截止，不能再填。") % day_text(round.due_on))
    faults = {f"{code}_{stage}": _fault(value) for (code, stage), value in figures.items()}
    Unusable.check(faults)
    keys = [key for key in keys_of(round) if figures.get(key) is not None]
    changes: dict[str, Any] = {}
    for code, stage in keys:
        changes |= _keep(round, district, by, (code, stage), figures[code, stage])
    if changes:
        record(
            action="monitoring.enter",
            by=by,
            on=round,
            district_code=district.code,
            changes=changes,
        )
    return len(changes)


def _fault(value: Decimal | None) -> Any:
    is_usable = value is None or (0 <= value <= HIGHEST and round(value, 4) == value)
    return None if is_usable else _("差异系数应为 0 到 10 之间的数，最多四位小数。")


def _keep(
    one: MonitoringRound, district: District, by: User, key: Key, value: Decimal | None
) -> dict[str, Any]:
    code, stage = key
    row = MonitoringFigure.objects.filter(
        round=one, district=district, indicator=code, stage=stage
    ).first() or MonitoringFigure(round=one, district=district, indicator=code, stage=stage)
    before = row.value if row.pk else None
    if before == value or value is None:
        return {}
    row.value, row.entered_by, row.entered_at = value, by, timezone.now()
    row.save()
    return {f"{code}.{stage}": [before, value]}


def keys_of(one: MonitoringRound) -> list[Key]:
    return [(code, stage) for stage in STAGES for code in one.indicators]


def board(
    one: MonitoringRound, units: Iterable[District], day: date | None = None
) -> dict[str, list[Cell]]:
    """Unit code → its cells: what was entered, else what was approved in that year's self-check.

    ``before`` is the round of the year before, else the newest approved self-check of an earlier
    year.
    """
    units, limits = list(units), _limits(day or today())
    now, last = _entered(one.year, units), _entered(one.year - 1, units)
    approved = _approved(units)
    return {
        unit.code: [
            Cell(
                code,
                stage,
                now.get((unit.pk, code, stage), approved.get((unit.pk, one.year, code, stage))),
                last.get((unit.pk, code, stage), _earlier(approved, unit, one.year, code, stage)),
                limits[stage],
            )
            for code, stage in keys_of(one)
        ]
        for unit in units
    }


def _limits(day: date) -> dict[str, Decimal]:
    standard = Standard.objects.in_force_on(day)
    if standard is None:
        raise Conflict(_("这一天没有有效的标准，无法判定。"))
    return dict(rules_of(standard).dispersion_limits)


def _entered(year: int, units: list[District]) -> dict[tuple[int, str, str], Decimal]:
    rows = MonitoringFigure.objects.filter(round__year=year, district__in=units)
    found = rows.values_list("district", "indicator", "stage", "value")
    return {(unit, code, stage): value for unit, code, stage, value in found}


def _approved(units: list[District]) -> dict[tuple[int, int, str, str], Decimal]:
    newest = latest_approvals(units)
    rows = IndicatorResult.objects.filter(
        evaluation__in=[entry.evaluation_id for entry in newest.values()], value__isnull=False
    )
    names = ("evaluation__self_check__district", "evaluation__self_check__year")
    found = rows.values_list(*names, "indicator", "stage", "value")
    return {(unit, year, code, stage): value for unit, year, code, stage, value in found}


def _earlier(
    approved: Mapping[tuple[int, int, str, str], Decimal],
    unit: District,
    year: int,
    code: str,
    stage: str,
) -> Decimal | None:
    found = {
        key[1]: value
        for key, value in approved.items()
        if (key[0], key[2], key[3]) == (unit.pk, code, stage) and key[1] < year
    }
    return found[max(found)] if found else None
