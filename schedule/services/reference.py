"""Loads phases, the plan of 2022, steps of each year, what units had passed before, and the public
certifications."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from districts.models import District
from districts.services.reference import number_or_none, rows_of
from schedule.models import (
    BasicBalance,
    CertificationEvent,
    CertificationList,
    CertificationStep,
    Phase,
    PlannedCertification,
    PlanVersion,
)
from schedule.services.certifications import correct_event, record_event
from schedule.services.lists import record_list

PLAN_TITLE = "重庆市县域义务教育优质均衡发展督导评估工作规划"
COMPLETED = "参考数据补充来源说明"
PLAN_DAY = date(2022, 1, 8)  # the day the plan was issued (印发)
PLAN_NOTE = "文号不详；此件依申请公开，没有公开网址"


@transaction.atomic
def load_schedule() -> int:
    """Add what is not there yet; returns how many rows were added. Needs the units."""
    added = sum(_add_phase(row) for row in rows_of("phases"))
    added += sum(_add_step(row) for row in rows_of("certification-steps"))
    added += _add_first_plan()
    added += sum(_add_balance(row) for row in rows_of("basic-balance"))
    if added:
        record(action="reference.load", by=None, changes={"schedule": added})
    added += sum(_add_list(row) for row in rows_of("certification-lists"))
    return added + sum(_add_certification(row) for row in rows_of("certifications"))


def _add_phase(row: dict[str, str]) -> bool:
    numbers = {name: int(row[name]) for name in ("start_year", "end_year", "target")}
    return Phase.objects.get_or_create(name=row["name"], defaults=numbers)[1]


def _add_step(row: dict[str, str]) -> bool:
    flags = {name: row[name] == "1" for name in ("is_application", "is_announcement")}
    return CertificationStep.objects.get_or_create(
        year=int(row["year"]),
        order=int(row["order"]),
        defaults={"level": row["level"], "name": row["name"], **flags},
    )[1]


def _add_balance(row: dict[str, str]) -> bool:
    facts: dict[str, Any] = {name: row[name] for name in ("source", "source_note")}
    facts |= {"passed_by": row["passed_by"], "list_year": number_or_none(row["list_year"])}
    unit = District.objects.get(code=row["district"])
    return BasicBalance.objects.get_or_create(district=unit, defaults=facts)[1]


def _add_first_plan() -> int:
    """The annex of 2022, frozen as version 1."""
    first = PlanVersion.objects.filter(number=1).first()
    if first:
        return _add_note(first)
    version = PlanVersion.objects.create(
        number=1,
        title=PLAN_TITLE,
        source_note=PLAN_NOTE,
        published_on=PLAN_DAY,
        published_at=timezone.make_aware(datetime.combine(PLAN_DAY, time())),
    )
    codes = dict(District.objects.values_list("code", "pk"))
    entries = PlannedCertification.objects.bulk_create(
        PlannedCertification(
            version=version, district_id=codes[row["district"]], year=int(row["year"])
        )
        for row in rows_of("plan-2022")
    )
    return len(entries)


def _add_note(plan: PlanVersion) -> int:
    """Older databases do not say yet why the plan has neither number nor link."""
    if plan.document_number or plan.source or plan.source_note:
        return 0
    plan.source_note = PLAN_NOTE
    plan.save(update_fields=["source_note"])
    record(action="reference.load", by=None, on=plan, changes={"source_note": ["", PLAN_NOTE]})
    return 1


def _add_list(row: dict[str, str]) -> bool:
    if CertificationList.objects.filter(name=row["name"]).exists():
        return False
    numbers = ("year", "batch", "units_in_nation", "units_in_city")
    days = ("announced_on", "checked_on", "known_on")
    facts: dict[str, Any] = {**row, "sources": row["sources"].replace(" ; ", "\n")}
    facts |= {name: number_or_none(row[name]) for name in numbers}
    facts |= {name: date.fromisoformat(row[name]) if row[name] else None for name in days}
    record_list(by=None, **facts)
    return True


def _add_certification(row: dict[str, str]) -> bool:
    step = CertificationStep.objects.get(year=int(row["step_year"]), name=row["step"])
    district = District.objects.get(code=row["district"])
    day = date.fromisoformat(row["date"])
    known = district.events.filter(step=step, result=row["result"], date=day).first()
    if known:
        _complete(known, row)
        return False
    record_event(
        district=district,
        step=step,
        result=row["result"],
        day=day,
        by=None,
        known_on=date.fromisoformat(row["known_on"]),
        list=CertificationList.objects.filter(name=row["list"]).first(),
        document_number=row["document_number"],
        source=row["source"],
        source_note=row["source_note"],
    )
    return True


def _complete(event: CertificationEvent, row: dict[str, str]) -> None:
    """What older reference data did not say yet, unless somebody has touched the event."""
    is_untouched = event.recorded_by is None and event.changed_at == event.recorded_at
    if is_untouched and event.source == row["source"]:
        note = row["source_note"]
        correct_event(event=event, by=None, reason=COMPLETED, source_note=note)
