"""Plays the demonstration's visits: one walked to its end, one just drawn, through the services."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from districts.models import District, User
from districts.roles import Role
from improvement.models import FindingKind, Visit
from improvement.services import visit_schools, visits
from improvement.services.visit_frame import frame_of
from selfchecks import clock
from selfchecks.demo import HANDED_IN, RETURNED

FINISHED, DRAWN = HANDED_IN, RETURNED
SHOWN = f"{DRAWN}9001"  # named by the API's examples, whatever the size of the demonstration
COUNT = 6
DAYS_AGO = 12  # the finished one was drawn; a school a day
SEEN = "看了专用教室、运动场和培训台账(演示)"
UNSEEN = "到校当日道路施工，没有到校(演示)"
CONCLUSION = "查看的学校数据总体真实，个别台账不全(演示)"
FINDINGS: tuple[dict[str, Any], ...] = (
    {
        "kind": FindingKind.FIGURE,
        "indicator": "A7",
        "words": "多媒体教室少于报送的数(演示)",
        "reported": "24 间",
        "found": "22 间",
    },
    {"kind": FindingKind.EVIDENCE, "indicator": "B9", "words": "培训台账没有签到表(演示)"},
    {"kind": FindingKind.CONDITION, "words": "科学实验室药品没有登记(演示)"},
)


def make_visits(*, districts: Iterable[District], by: None) -> int:
    """Of two units, once; returns how many visits there were. Nothing without the inspector."""
    rows = User.objects.filter(role=Role.INSPECTOR, is_demo=True, is_active=True)
    inspector = rows.order_by("pk").first()
    wanted = [row for row in districts if row.code in (FINISHED, DRAWN) and row.schools.exists()]
    made = 0
    for district in wanted if inspector else ():
        if not Visit.objects.filter(district=district).exists():
            _play(district, inspector)
            made += 1
    return made


def _play(district: District, inspector: Any) -> None:
    first = timezone.now() - timedelta(days=DAYS_AGO)
    with clock.at(first):
        count = min(COUNT, len(frame_of(district, visits.today())))
        visit = visits.draw_schools(
            district=district, count=count, by=inspector, seed=_seed(district, count), is_demo=True
        )
    if district.code == FINISHED:
        _walk(visit, inspector, first)


def _seed(district: District, count: int) -> str:
    """The first that draws the school the examples name, where it can be drawn."""
    design, seeds = visits.design_for(district, count), [f"演示-{district.code}"]
    seeds += [f"{seeds[0]}-{number}" for number in range(2, 300)]
    return next((seed for seed in seeds if SHOWN in design.draw(seed)), seeds[0])


def _walk(visit: Visit, inspector: Any, first: datetime) -> None:
    """A school a day; nobody came to the last one of several."""
    codes = visit.sample.schools
    for place, code in enumerate(codes, 1):
        with clock.at(first + timedelta(days=place)):
            missed = place == len(codes) > 1
            about: dict[str, Any] = {"visit": visit, "school": code, "by": inspector}
            day, words = (None, UNSEEN) if missed else (visits.today(), SEEN)
            visit_schools.record_school(**about, visited_on=day, words=words)
            for finding in () if missed else FINDINGS[place - 1 : place]:
                visit_schools.add_finding(**about, **finding)
    with clock.at(first + timedelta(days=len(codes) + 1)):
        visits.take_step(visit=visit, step="finish", words=CONCLUSION, by=inspector)
