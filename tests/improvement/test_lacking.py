"""Which prices count for what is lacking, and for which pupils."""

from datetime import date, timedelta
from decimal import Decimal

from districts.models import User
from improvement.services.lacking import lacking_of
from improvement.services.prices import set_price
from selfchecks import clock
from selfchecks.models import SelfCheck
from tests.improvement.conftest import codes_of, keep_clean


def price(self_check: SelfCheck, by: User, kind: str, yuan: int, day: str = "2026-01-01") -> None:
    """Of a kind that raises A5."""
    set_price(
        district=self_check.district,
        kind=kind,
        name="租用场地",
        raises=["A5"],
        price=Decimal(yuan),
        valid_from=date.fromisoformat(day),
        source="2026 年合同价",
        by=by,
    )


def short_of_ground(self_check: SelfCheck, by: User) -> None:
    short = {(code, "sports_ground_area"): 100 for code in codes_of(self_check)[:1]}
    keep_clean(self_check, by, changes=short)


def used(self_check: SelfCheck) -> tuple[str, Decimal | None] | None:
    found = lacking_of(self_check)
    assert found is not None
    row = found.offers.get("build_ground")
    return (row.kind, row.price) if row else None


def test_the_kind_meant_for_an_indicator_counts_before_a_cheaper_one(
    self_check: SelfCheck, chen_officer: User
) -> None:
    short_of_ground(self_check, chen_officer)
    price(self_check, chen_officer, "rented", 50)
    price(self_check, chen_officer, "build_ground", 400)
    assert used(self_check) == ("build_ground", 400)


def test_without_it_the_cheapest_other_one_counts(
    self_check: SelfCheck, chen_officer: User
) -> None:
    short_of_ground(self_check, chen_officer)
    assert used(self_check) is None
    for kind, yuan in (("rented", 90), ("shared", 50), ("build_indoor", 3000)):
        price(self_check, chen_officer, kind, yuan)
    assert used(self_check) == ("shared", 50)


def test_a_price_of_a_day_to_come_does_not_count_yet(
    self_check: SelfCheck, chen_officer: User
) -> None:
    short_of_ground(self_check, chen_officer)
    price(self_check, chen_officer, "build_ground", 400)
    tomorrow = clock.today() + timedelta(days=1)
    price(self_check, chen_officer, "build_ground", 450, f"{tomorrow}")
    assert used(self_check) == ("build_ground", 400)


def test_a_forecast_rests_on_no_submission(self_check: SelfCheck, chen_officer: User) -> None:
    short_of_ground(self_check, chen_officer)
    now, then = lacking_of(self_check), lacking_of(self_check, {"primary": Decimal("0.05")})
    assert now
    assert then
    assert (now.growth, then.growth) == ({}, {"primary": Decimal("0.05")})
    assert then.evaluation is None
    assert then.shortfalls.indicators("full") == {"A5": 2880}
