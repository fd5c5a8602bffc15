"""Plays what comes after the plan for the demonstration, through the real services: money, what
follows, guidance, monitoring, and a promise that was not kept. Every row says that it is made up.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from districts.models import District, School, User
from districts.roles import Role
from districts.services.schools import update_school
from schedule.models import Grant, MonitoringRound
from schedule.services import commitments, consequences, grants, look_back_steps, monitoring
from schedule.terms import months_after
from selfchecks.services.demo import LABEL

# Unit → how many months ago its money was issued, and how much: within its term, nearly due, due.
MONEY = {"500151": (10, 1_200_000), "500152": (28, 900_000), "500103": (40, 800_000)}
URGED, GUIDED = "500103", "500243"
PROMISED = "500106"  # a certified unit
ASKED = ["A1", "A4", "A6"]
DOCUMENT = "〔演示〕第 %s 号"
WORDS = "演示：已排出时间表，年底前补齐"


def load(*, districts: Iterable[District], by: User) -> int:
    """Add what is not there yet; ``by`` is the demonstration's manager. Returns how many rows."""
    units = {district.code: district for district in districts}
    if Grant.objects.filter(is_demo=True).exists() or MonitoringRound.objects.exists():
        return 0
    today = timezone.localdate()
    made = _money(units, by, today) + _guidance(units, by, today)
    return made + _monitoring(units, by, today)


def _money(units: Mapping[str, District], by: User, today: date) -> int:
    chosen = [(units[code], told) for code, told in MONEY.items() if code in units]
    for number, (unit, (months, amount)) in enumerate(chosen, start=1):
        grants.issue(
            district=unit,
            amount=Decimal(amount),
            issued_on=months_after(today, -months),
            purpose=f"创建奖补（{LABEL}）",
            document_number=DOCUMENT % number,
            by=by,
            is_demo=True,
        )
    return len(chosen)


def _guidance(units: Mapping[str, District], by: User, today: date) -> int:
    wanted = {URGED: ("urged", "规划年份已过"), GUIDED: ("guided", "差异系数偏高")}
    found = [(units[code], told) for code, told in wanted.items() if code in units]
    for unit, (kind, group) in found:
        about = {"kind": kind, "group": f"{group}（{LABEL}）", "reason": WORDS}
        begun = consequences.begin_guidance(
            district=unit, begun_on=today - timedelta(days=40), by=by, is_demo=True, **about
        )
        for step, days in (("visit", 30), ("agreed", 20)):
            said: dict[str, Any] = {
                "kind": step,
                "day": today - timedelta(days=days),
                "words": WORDS,
            }
            consequences.note_guidance(guidance=begun, by=by, **said)
        consequences.record_consequence(
            district=unit,
            kind="support" if kind == "guided" else "accountability",
            form="" if kind == "guided" else "talk",
            day=today - timedelta(days=10),
            ground=WORDS,
            document_number=DOCUMENT % 9,
            by=by,
            is_demo=True,
        )
    return 2 * len(found)


def break_promise(*, districts: Iterable[District], by: User) -> int:
    """A school's promise passed a month ago, which opens a case; before anything else is looked
    back at, so that its number is known. Returns how many cases are new."""
    unit = next((unit for unit in districts if unit.code == PROMISED), None)
    school = School.objects.filter(district=unit, is_demo=True).order_by("code").first()
    if school is None or school.special_cases:
        return 0
    day = months_after(timezone.localdate(), -1)
    promised = {"evidence": f"批文（{LABEL}）", "commitment": day.isoformat()}
    update_school(school=school, by=by, special_cases={"B4.larger_limit": promised})
    opened = commitments.open_overdue(by=None)
    case, officer = school.district.look_backs.last(), _officer(school.district)
    if case and officer:
        look_back_steps.take_step(look_back=case, step="plan", by=officer, comment=WORDS)
    return opened


def _monitoring(units: Mapping[str, District], by: User, today: date) -> int:
    """Every third unit has entered its figures."""
    about: dict[str, Any] = {"indicators": ASKED, "document_number": DOCUMENT % 7}
    due_on = today + timedelta(days=30)
    one = monitoring.open_round(year=today.year, due_on=due_on, by=by, is_demo=True, **about)
    entered = 0
    for place, unit in enumerate(units.values()):
        officer = _officer(unit) if place % 3 == 0 else None
        if officer:
            figures = {
                key: Decimal(30 + (7 * place + 3 * number) % 25) / 100
                for number, key in enumerate(monitoring.keys_of(one))
            }
            monitoring.enter(round=one, district=unit, by=officer, figures=figures)
            entered += 1
    return entered


def _officer(district: District) -> User | None:
    rows = User.objects.filter(district=district, role=Role.OFFICER, is_demo=True, is_active=True)
    return rows.order_by("pk").first()
