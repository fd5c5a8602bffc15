"""Deadlines as a calendar: what its reader sees, and that an address can be ended."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from audit.models import Entry
from districts.deadlines import Due, calendar_of
from districts.models import DeadlineFeed, District, User
from districts.services import feeds
from districts.services.people import disable_user, enable_user
from districts.working_days import WorkingDays
from selfchecks.models import SelfCheck
from tests.reader import words
from tests.selfchecks.conftest import schools, self_check

__all__ = ["schools", "self_check"]

PAGE = "/accounts/calendar/"


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def address_of(client: Client) -> str:
    text = client.post(PAGE).content.decode()
    return text.split('value="http://testserver')[1].split('"')[0]


def test_a_day_of_rest_names_the_working_day_before() -> None:
    """1 October 2026 to 7 October are the national holiday; 30 September is a Wednesday."""
    due = Due("self-check-500106-2026", date(2026, 10, 4), "自查截止;铜梁区,2026", "/self-checks/")
    [event] = events(calendar_of([due], WorkingDays(), "https://portal.example"))
    assert event.decoded("dtstart") == date(2026, 10, 4)
    assert event.decoded("dtend") == date(2026, 10, 5)
    assert str(event["summary"]) == "自查截止;铜梁区,2026"  # separators of the format come through
    assert str(event["uid"]) == "self-check-500106-2026@portal.example"
    assert str(event["url"]) == "https://portal.example/self-checks/"
    assert str(event["description"]) == (
        "2026年10月4日不是工作日；之前最近的工作日是 2026年9月30日。"
    )


def test_a_year_without_notice_is_said() -> None:
    due = Due("x", date(2050, 10, 1), "x", "/")  # a Saturday
    [event] = events(calendar_of([due], WorkingDays(), "https://portal.example"))
    assert str(event["description"]).endswith(
        "之前最近的工作日是 2050年9月30日。当年放假安排还没有公布。"
    )


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_somebody_mistyped_does_not_take_the_others_away(day: date) -> None:
    dues = [Due("x", day, "x", "/"), Due("y", date(2026, 12, 1), "y", "/")]
    typed, other = events(calendar_of(dues, WorkingDays({date.min: True}), "https://p.example"))
    assert typed.decoded("dtstart") == day
    assert other.decoded("dtend") == date(2026, 12, 2)


def test_a_district_sees_its_own_deadline(
    self_check: SelfCheck, chen_officer: User, liu_officer: User, signed_in: Any, client: Client
) -> None:
    path = address_of(signed_in(chen_officer))
    answer = client.get(path)  # nobody is signed in
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer["Cache-Control"]
    [event] = events(answer.content)
    assert str(event["summary"]) == "沙坪坝区 2026 年度自查截止"
    assert event.decoded("dtstart") == self_check.due_on
    others = events(client.get(address_of(signed_in(liu_officer))).content)
    assert not any("沙坪坝" in str(each["summary"]) for each in others)


def test_the_city_sees_how_many(
    self_check: SelfCheck, wu_manager: User, signed_in: Any, client: Client
) -> None:
    [event] = events(client.get(address_of(signed_in(wu_manager))).content)
    assert str(event["summary"]) == "2026 年度自查截止：1 个区县还没有报送"


def test_a_new_address_ends_the_one_before(
    chen_officer: User, signed_in: Any, client: Client
) -> None:
    signed = signed_in(chen_officer)
    first, second = address_of(signed), address_of(signed)
    assert first != second
    assert [client.get(path).status_code for path in (first, second)] == [404, 200]
    signed.post(PAGE, {"end": "1"})
    assert client.get(second).status_code == 404
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-4:] == ["feed.open", "feed.end", "feed.open", "feed.end"]


def test_an_ended_account_has_no_calendar(
    chen_officer: User, yang_keeper: User, signed_in: Any, client: Client
) -> None:
    path = address_of(signed_in(chen_officer))
    disable_user(user=chen_officer, by=yang_keeper)
    assert client.get(path).status_code == 404
    enable_user(user=chen_officer, by=yang_keeper)
    assert client.get(path).status_code == 404  # whoever comes back asks for a new one


def test_the_secret_is_shown_once_and_kept_nowhere(chen_officer: User, signed_in: Any) -> None:
    signed = signed_in(chen_officer)
    secret = address_of(signed).rpartition("/")[2].removesuffix(".ics")
    assert len(secret) >= 43  # 32 random bytes
    assert secret not in signed.get(PAGE).content.decode()
    assert "现用的地址是" in words(signed.get(PAGE))
    feed = DeadlineFeed.objects.get()
    assert secret not in str(vars(feed))
    assert not any(secret in str(vars(entry)) for entry in Entry.objects.all())


def test_somebody_elses_feed_is_not_ended(
    chen_officer: User, liu_officer: User, shapingba: District
) -> None:
    feeds.open_feed(by=chen_officer)
    feeds.close_feed(by=liu_officer)
    assert feeds.current_feed(chen_officer) is not None


@pytest.mark.parametrize("secret", ["x", "..%2F..", "a" * 3000])
def test_unknown_addresses_are_not_found(reference: None, client: Client, secret: str) -> None:
    assert client.get(f"/accounts/calendar/{secret}.ics").status_code == 404
