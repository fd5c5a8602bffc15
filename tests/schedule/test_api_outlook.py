"""Where the plan is heading, over REST: the city's alone."""

from collections.abc import Callable

from districts.models import District, User
from districts.services.people import create_token
from selfchecks.models import SelfCheck
from tests.selfchecks.conftest import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]
ADDRESS = "/api/v1/outlook/"


def test_milestones_of_a_day(reference: None, wu_manager: User, bearer: Callable) -> None:
    found = bearer(wu_manager).get(f"{ADDRESS}?as_of=2026-03-01&days=90").json()
    assert (found["as_of"], found["days"], found["plan_version"]) == ("2026-03-01", 90, 1)
    first, second = found["milestones"]
    # 4 named in March 2025, 6 more announced in January 2026; 36 and 41 are the plan's.
    assert [first[name] for name in ("year", "target", "named", "unnamed")] == [2028, 36, 4, 6]
    assert (first["needed"], second["needed"], first["likely"]) == (26, 31, None)
    (same,) = [each for each in first["totals"] if each["pace"] == "same"]
    assert (same["at_least"], same["at_most"], same["reached"]) == (10, 10, False)
    assert {unit["known"] for unit in found["units"]} == {False}
    assert found["swaps"] == {"late_before": 0, "late_after": 0, "moves": []}
    assert found["back_test"] is None


def test_a_unit_with_an_approved_year(
    reach: Callable[[str], SelfCheck], wu_manager: User, bearer: Callable
) -> None:
    approved = reach("approved")
    found = bearer(wu_manager).get(ADDRESS).json()
    units = {unit["district"]: unit for unit in found["units"]}
    if approved.district.code in units:
        unit = units[approved.district.code]
        assert unit["open_by_year"][0]["year"] == approved.year


def test_what_cannot_be_read_is_named(reference: None, wu_manager: User, bearer: Callable) -> None:
    for wrong in ("days=-1", "days=1501", "days=x", "as_of=2999-01-01"):
        assert bearer(wu_manager).get(f"{ADDRESS}?{wrong}").status_code == 400


def test_a_token_narrowed_to_a_district_is_not_the_city(
    reference: None, wu_manager: User, shapingba: District, client
) -> None:
    _token, text = create_token(user=wu_manager, scopes=["read"], by=wu_manager, district=shapingba)
    answer = client.get(ADDRESS, headers={"Authorization": f"Bearer {text}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "reach")
