"""Plays what the demonstration's people do about their shortfalls, through the real services."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from audit.refusals import Refused
from districts.models import District, User
from districts.roles import Role
from improvement.models import Kind, State, UnitPrice
from improvement.services import conditions, planning, prices
from selfchecks.demo import HANDED_IN, RETURNED
from selfchecks.models import SelfCheck
from selfchecks.services.demo import LABEL, REASON

# Yuan per person, ㎡, yuan of equipment and room.
PRICES = {
    "hire": Decimal(95_000),
    "hire_pe_arts": Decimal(98_000),
    "train_backbone": Decimal(18_000),
    "build_rooms": Decimal(3_200),
    "build_ground": Decimal(460),
    "build_indoor": Decimal(4_500),
    "equipment": Decimal(1),
    "multimedia": Decimal(55_000),
    "move": Decimal(12_000),
}
UNEVEN = "500243"  # every school passes, two coefficients do not
PLANNING = (HANDED_IN, RETURNED, "500106", UNEVEN)
ADOPTING = (HANDED_IN, UNEVEN)
SMALL = ("教学点", "特殊教育学校")


def enter_prices(*, districts: Iterable[District], year: int, by: None) -> int:
    """Each unit's officer enters the prices, once; returns how many units there were."""
    priced = set(UnitPrice.objects.values_list("district", flat=True))
    there = 0
    for district in districts:
        officer = _of(district, Role.OFFICER)
        if officer and district.pk not in priced:
            day = date(year, 1, 1)
            prices.set_prices(
                district=district, prices=PRICES, valid_from=day, source=LABEL, by=officer
            )
            there += 1
    return there


def make_plans(*, year: int, by: None) -> int:
    """A few units settle what their schools can do and plan; one adopts. How many plans."""
    rows = SelfCheck.objects.filter(year=year, district__code__in=PLANNING, is_demo=True)
    return sum(_plan(row) for row in rows.filter(plans=None).select_related("district"))


def _plan(self_check: SelfCheck) -> int:
    officer = _of(self_check.district, Role.OFFICER)
    signatory = _of(self_check.district, Role.SIGNATORY)
    if not officer or not signatory:
        return 0
    _settle(self_check, officer)
    try:
        plans = [
            planning.make(self_check=self_check, kind=kind, by=officer)
            for kind in (Kind.CHEAPEST, Kind.EVERYONE)
        ]
    except Refused:  # nothing was reported yet, or not all
        return 0
    found = [plan for plan in plans if plan.state == State.FOUND]  # others are still worked on
    if self_check.district.code in ADOPTING and found:
        planning.adopt(plan=found[0], by=signatory)
    return len(plans)


def _settle(self_check: SelfCheck, officer: User) -> None:
    """The first school has no ground left, the last one's classroom is being built; both count."""
    schools = self_check.school_records.order_by("school_code").exclude(school_type__in=SMALL)
    codes = [*schools.values_list("school_code", flat=True)]
    given: dict[str, Any] = {
        "district": self_check.district,
        "reason": REASON,
        "by": officer,
    }
    if codes:
        conditions.set_condition(
            school_code=codes[0], kind="build_ground", most=Decimal(0), **given
        )
        conditions.set_condition(
            school_code=codes[-1], kind="multimedia", least=Decimal(1), **given
        )


def _of(district: District, role: Role) -> User | None:
    rows = User.objects.filter(district=district, role=role, is_demo=True, is_active=True)
    return rows.order_by("pk").first()
