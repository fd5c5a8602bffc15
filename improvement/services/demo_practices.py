"""Lets the demonstration's people write practices, and the city publish two of them."""

from typing import Any

from districts.models import District, User
from districts.roles import Role
from improvement.models import Practice
from improvement.services import practices
from selfchecks.models import SelfCheck
from selfchecks.services.readiness import Readiness, readiness_in

Approved = dict[tuple[str, int], Readiness]

# The first stays a draft, the others are published.
TOLD: tuple[dict[str, str], ...] = (
    {
        "title": "演示：教师培训经费单列",
        "problem": "培训经费和公用经费混在一起，学校年底才知道还能用多少。",
        "measure": "年初把培训经费单列到校，每季度公布使用进度。",
        "indicators": "B9",
    },
    {
        "title": "演示：片区联校教研，骨干教师走教",
        "problem": "骨干教师集中在城区几所学校，乡镇学校多年没有。",
        "measure": "六所学校编为一个片区，共同排课、共同教研。\n\n"
        "骨干教师每周在乡镇学校上两天课，工作量两校合计，评优在乡镇学校评。",
        "indicators": "A2 B11",
    },
    {
        "title": "演示：体育场地错峰共用",
        "problem": "老城区的学校没有地可扩，学生没有地方上体育课。",
        "measure": "与相邻的社区和中学签协议，按课表错峰使用运动场，教育部门负责保险和接送。",
        "indicators": "A5",
    },
)


def write_practices(*, years: list[int], by: None) -> int:
    """Once; returns how many there were. ``by`` nobody: units' officers write, the city decides."""
    if len(years) < 2 or Practice.objects.exists():
        return 0
    people = User.objects.filter(is_demo=True, is_active=True).order_by("username")
    officers = {each.district_id: each for each in people.filter(role=Role.OFFICER)}
    inspector = people.filter(role=Role.INSPECTOR).first()
    units = [unit for unit in _units(years) if unit[0].pk in officers]
    if inspector is None or not units:
        return 0
    for number, facts in enumerate(TOLD):
        district, before, after = units[number % len(units)]
        about: dict[str, Any] = {**facts, "year_before": before, "year_after": after}
        _play(district, about, officers[district.pk], inspector if number else None)
    return len(TOLD)


def _play(district: District, about: dict[str, Any], officer: User, city: User | None) -> None:
    row = practices.write(district=district, by=officer, is_demo=True, **about)
    if city:
        practices.take_step(practice=row, step="submit", by=officer)
        practices.take_step(practice=row, step="publish", by=city)


def _units(years: list[int]) -> list[tuple[District, int, int]]:
    """Units with two years to compare: approved in both and better than before, if there are."""
    rows = SelfCheck.objects.filter(is_demo=True, year__in=years).select_related("district")
    units = list(dict.fromkeys(row.district for row in rows.order_by("district__code")))
    approved = readiness_in(units, years)
    found = []
    for unit in units:
        own = [year for year in years if (unit.code, year) in approved]
        before, after = (own if len(own) > 1 else years)[-2:]
        found.append((_lacks(approved, unit, before, after), (unit, before, after)))
    return [told for _lack, told in sorted(found, key=lambda each: each[0])]


def _lacks(approved: Approved, unit: District, before: int, after: int) -> int:
    """How many more evaluation units fail than before; without both years more than any."""
    sides = [approved.get((unit.code, year)) for year in (before, after)]
    old, new = (side.failing_unit_count if side else None for side in sides)
    return new - old if old is not None and new is not None else 10_000
