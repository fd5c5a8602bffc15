"""A district that has said what its measures cost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from districts.models import User
from improvement.models import Plan, SchoolPlan, UnitPrice
from improvement.services import planning, seeding
from improvement.services.prices import set_price
from selfchecks.models import SelfCheck
from tests.improvement.school_planning import approve, write
from tests.selfchecks.conftest import *  # noqa: F403  the same self-check and its people

SINCE = date(2026, 1, 1)
# One kind per indicator, yuan per person, ㎡, yuan of equipment and room.
PRICES = {
    "A1": 80_000,
    "A2": 20_000,
    "A3": 80_000,
    "A4": 3_000,
    "A5": 400,
    "A6": 1,
    "A7": 60_000,
}


def set_prices(by: User, **prices: Any) -> list[UnitPrice]:
    """Prices of one kind per indicator, entered by one of the district's people."""
    assert by.district
    return [
        set_price(
            district=by.district,
            kind=f"for_{code}",
            name=f"提高 {code}",
            raises=[code],
            price=None if price is None else Decimal(price),
            valid_from=SINCE,
            source="2026 年采购价",
            by=by,
        )
        for code, price in (prices or PRICES).items()
    ]


def codes_of(self_check: SelfCheck) -> list[str]:
    return [*self_check.district.schools.order_by("code").values_list("code", flat=True)]


@pytest.fixture
def priced(self_check: SelfCheck, chen_officer: User) -> SelfCheck:
    """沙坪坝区 2026, its primary school short of ground; all kinds of measure are priced."""
    short = {(code, "sports_ground_area"): 100 for code in codes_of(self_check)[:1]}
    keep_clean(self_check, chen_officer, changes=short)  # noqa: F405
    set_prices(chen_officer)
    return self_check


@pytest.fixture
def adopted(priced: SelfCheck, chen_officer: User, zhao_signatory: User) -> Plan:
    """The cheapest plan of 沙坪坝区, adopted by its signatory."""
    plan = planning.make(self_check=priced, kind="cheapest", by=chen_officer)
    return planning.adopt(plan=plan, by=zhao_signatory)


@pytest.fixture
def school_plan(adopted: Plan, chen_officer: User) -> SchoolPlan:
    """The one school plan that comes of it: the primary school needs ground."""
    (begun,) = seeding.take_over(self_check=adopted.self_check, by=chen_officer)
    return begun


@pytest.fixture
def written(school_plan: SchoolPlan, chen_officer: User) -> SchoolPlan:
    return write(school_plan, chen_officer)


@pytest.fixture
def approved(written: SchoolPlan, chen_officer: User, zhao_signatory: User) -> SchoolPlan:
    return approve(written, chen_officer, zhao_signatory)
