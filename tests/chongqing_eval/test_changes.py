"""What other systems are told has changed: in order, nothing missed, nobody else's."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from audit.services import record
from districts.models import District, School, User
from districts.services.schools import create_school
from selfchecks.models import SelfCheck
from tests.selfchecks.conftest import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]  # fixtures

CHANGES = "/api/v1/changes/"
WRITERS, EACH = 4, 12


def walk(client: Client, after: int = 0, limit: int = 500) -> tuple[list[dict[str, Any]], int]:
    """Everything after a number, and where it ended."""
    found: list[dict[str, Any]] = []
    while True:
        page = client.get(CHANGES, {"after": after, "limit": limit}).json()
        found += page["results"]
        after = page["after"]
        if not page["more"]:
            return found, after


def a_school(district: District, by: User, code: str = "5001060001") -> School:
    named = {"name": "甲小学", "school_type": "小学", "ownership": "公办", "location": "城区"}
    return create_school(district=district, by=by, code=code, **named)


def test_changes_come_in_order_with_the_place_where_to_read_them(
    reach: Any, self_check: SelfCheck, signed_in: Any, chen_officer: User, zhou_inspector: User
) -> None:
    reader = signed_in(zhou_inspector)
    _, before = walk(reader)
    reach("submitted")
    changes, after = walk(reader, before)
    own = [change for change in changes if change["resource"] == "self-checks"]
    assert {change["key"] for change in own} == {self_check.reference}
    assert {change["url"] for change in own} == {
        f"http://testserver/api/v1/self-checks/{self_check.reference}/"
    }
    actions = [change["action"] for change in own]
    steps = ["upload.keep", "self_check.send_for_signature", "self_check.submit"]
    assert [action for action in actions if action in steps] == steps
    numbers = [change["number"] for change in changes]
    assert numbers == sorted(set(numbers))
    assert walk(reader, before, limit=1) == (changes, after)
    assert walk(reader, after) == ([], after)
    assert reader.get(own[0]["url"]).status_code == 200


def test_a_district_is_told_of_its_own_and_of_what_is_public(
    reach: Any, signed_in: Any, shapingba: District, tongliang: District,
    chen_officer: User, liu_officer: User, wu_manager: User,
) -> None:  # fmt: skip
    reach("submitted")
    a_school(tongliang, wu_manager, "5001510001")
    reached = {
        name: {change["district"] for change in walk(signed_in(person))[0]}
        for name, person in (("陈静", chen_officer), ("刘洋", liu_officer), ("吴敏", wu_manager))
    }
    private = {"self-checks", "schools"}
    for person, other in ((chen_officer, tongliang), (liu_officer, shapingba)):
        changes, _ = walk(signed_in(person))
        assert not [c for c in changes if c["resource"] in private and c["district"] == other.code]
    assert shapingba.code in reached["陈静"]
    assert {shapingba.code, tongliang.code} <= reached["吴敏"]


def test_a_department_of_a_district_is_told_of_no_figures(
    reach: Any, signed_in: Any, he_planning: User
) -> None:
    reach("submitted")
    changes, _ = walk(signed_in(he_planning))
    assert not [c for c in changes if c["resource"] in {"self-checks", "schools"}]


def test_reading_and_refusals_are_no_changes(
    signed_in: Any, shapingba: District, chen_officer: User
) -> None:
    school = a_school(shapingba, chen_officer)
    with transaction.atomic():
        record(action="access.refuse", by=chen_officer, on=school, district_code=shapingba.code)
    changes, _ = walk(signed_in(chen_officer))
    assert [c["action"] for c in changes if c["resource"] == "schools"] == ["school.create"]


def test_who_asks_wrongly_is_told_so(signed_in: Any, chen_officer: User, client: Client) -> None:
    assert client.get(CHANGES).status_code == 401
    reader = signed_in(chen_officer)
    for wrong in ({"after": "-1"}, {"after": "eins"}, {"limit": "0"}, {"limit": "501"}, {"x": "1"}):
        assert reader.get(CHANGES, wrong).status_code == 400, wrong


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_while_others_write_misses_nothing(
    reference: None, signed_in: Any, shapingba: District, chen_officer: User
) -> None:
    """Writers hold their number open for a while before they commit, every third gives up."""
    school, reader, done = a_school(shapingba, chen_officer), signed_in(chen_officer), Event()
    _, start = walk(reader)

    def write(writer: int) -> int:
        try:
            for turn in range(EACH):
                with transaction.atomic():
                    record(action="test.race", by=None, on=school, district_code=shapingba.code)
                    time.sleep(0.002 * writer)
                    transaction.set_rollback(turn % 3 == 0)
        finally:
            connection.close()
        return EACH - len(range(0, EACH, 3))

    def read() -> list[int]:
        numbers, after = [], start
        try:
            while True:
                is_last = done.is_set()
                changes, after = walk(reader, after, limit=3)
                numbers += [change["number"] for change in changes]
                if is_last:
                    return numbers
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(read)
        written = sum(pool.map(write, range(WRITERS)))
        done.set()
        numbers = reading.result()
    assert numbers == list(range(start + 1, start + 1 + written))


@pytest.mark.parametrize(
    ("asked", "word"), [("after=abc", "应为整数，例如 12。"), ("limit=1.5", "应为整数")]
)
def test_a_number_that_is_none_is_told_with_an_example(
    wu_manager: User, bearer: Any, asked: str, word: str
) -> None:
    answer = bearer(wu_manager, "read").get(f"/api/v1/changes/?{asked}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"].startswith(word)
