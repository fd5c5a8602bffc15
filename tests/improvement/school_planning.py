"""Takes the adopted plan of a district over and leads its school plans to their approval."""

from datetime import date

from districts.models import User
from improvement.models import Plan, SchoolPlan
from improvement.services import measures, planning, progress, seeding
from improvement.services.school_plans import take_step

# What a measure says before its plan can be sent.
WRITTEN = {
    "responsible": "王校长",
    "start": date(2027, 3, 1),
    "due": date(2027, 8, 31),
    "funding": "district",
    "office": "bureau",
}


def write(school_plan: SchoolPlan, officer: User) -> SchoolPlan:
    """Every measure says what it has to."""
    for measure in school_plan.measures.all():
        measures.change(measure=measure, by=officer, **WRITTEN)
    school_plan.refresh_from_db()
    return school_plan


def approve(school_plan: SchoolPlan, officer: User, signatory: User) -> SchoolPlan:
    for step, by in (("send", officer), ("approve", signatory)):
        take_step(school_plan=school_plan, step=step, by=by)
    school_plan.refresh_from_db()
    return school_plan


def go_by(plan: Plan, officer: User, signatory: User) -> None:
    """Adopted, taken over, approved, and begun."""
    planning.adopt(plan=plan, by=signatory)
    for begun in seeding.take_over(self_check=plan.self_check, by=officer):
        approve(write(begun, officer), officer, signatory)
        for measure in begun.measures.all():
            progress.report(measure=measure, by=officer, words="已开工")
