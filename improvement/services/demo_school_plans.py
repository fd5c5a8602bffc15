"""Plays the demonstration's school plans: some approved and begun, some awaiting, some written."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from districts.models import User
from districts.roles import DEPARTMENTS, Office, Role
from improvement.models import Funding, Measure, SchoolPlan
from improvement.services import measures, progress, seeding
from improvement.services.demo import UNEVEN
from improvement.services.planning import in_force
from improvement.services.school_plans import take_step, take_steps
from selfchecks.models import SelfCheck
from selfchecks.services.demo import LABEL

DAY = timedelta(days=1)
PDF = b"%PDF-1.7\n% demonstration\n"
LATE, SOON, LATER = -20, 120, 300  # days from today until a measure is due


def make_school_plans(*, year: int, by: None) -> int:
    """Of the unit that has adopted a plan, once; returns how many school plans there were.

    ``by`` nobody: the unit's own people write, approve and report.
    """
    row = SelfCheck.objects.filter(year=year, is_demo=True, district__code=UNEVEN).first()
    if row is None or in_force(row) is None or row.school_plans.exists():
        return 0
    people = User.objects.filter(district=row.district_id, is_demo=True, is_active=True)
    cast = {person.office or person.role: person for person in people.order_by("-pk")}
    if not {Role.OFFICER, Role.SIGNATORY} <= set(cast):
        return 0
    officer, signatory = cast[Role.OFFICER], cast[Role.SIGNATORY]
    plans = seeding.take_over(self_check=row, by=officer)
    third = -(-len(plans) // 3)
    for place, plan in enumerate(plans[: 2 * third]):
        days = LATE if place == 0 else SOON if place % 2 else LATER
        _write(plan, officer, days, Office.PERSONNEL if place % 3 == 2 else Office.BUREAU)
        if place < third:
            take_step(school_plan=plan, step="send", by=officer)
    take_steps(self_check=row, step="approve", by=signatory, comment="")
    for plan in plans[third : 2 * third]:
        take_step(school_plan=plan, step="send", by=officer)
    _report(plans[:third], cast)
    return len(plans)


def _write(plan: SchoolPlan, officer: User, days: int, office: str) -> None:
    today = timezone.localdate()
    said: dict[str, Any] = {
        "responsible": LABEL,
        "office": office,
        "funding": Funding.DISTRICT,
        "start": today - 60 * DAY,
        "due": today + days * DAY,
        "evidence": "验收报告或聘用合同(演示)",
        "milestones": "先报批，再实施，年底验收(演示)",
    }
    changes = {measure.pk: said for measure in plan.measures.all()}
    measures.change_all(self_check=plan.self_check, changes=changes, by=officer)


def _report(plans: list[SchoolPlan], cast: dict[str, User]) -> None:
    """The first is late and half done, the second done with its document; departments answer."""
    rows = Measure.objects.filter(school_plan__in=plans).select_related("school_plan")
    for place, measure in enumerate(rows.order_by("school_plan", "number")):
        by = cast.get(measure.office, cast[Role.OFFICER])
        if measure.office in DEPARTMENTS:
            progress.report(measure=measure, by=by, words="已列入年度计划(演示)")
        elif place % 3 == 1:
            about: dict[str, Any] = {"content": PDF, "name": "验收(演示).pdf"}
            progress.report(measure=measure, by=by, done=measure.amount, **about)
        elif place % 3 == 0:
            half = Decimal(int(measure.amount / 2))
            progress.report(measure=measure, by=by, done=half, words="正在实施(演示)")
