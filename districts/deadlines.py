"""Deadlines as a calendar (RFC 5545) that other programs subscribe to.

What has a deadline stands in rooms above; they lend their ``sources``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import User
from districts.wording import day_text
from districts.working_days import DAY, WorkingDays

if TYPE_CHECKING:  # three MB for every process, and few make calendars
    from icalendar import Event


@dataclass(frozen=True, slots=True)
class Due:
    """Something due on a day; ``key`` stays the same when the day moves, ``path`` leads to it."""

    key: str
    day: date
    words: str
    path: str


sources: list[Callable[[User], Iterable[Due]]] = []


def dues_of(user: User) -> list[Due]:
    """Everything that is due for an account, the earliest first."""
    found = (due for source in sources for due in source(user))
    return sorted(found, key=lambda due: (due.day, due.key))


def calendar_of(dues: Iterable[Due], days: WorkingDays, site: str) -> bytes:
    """The calendar's text; ``site`` is scheme and host of the portal, as in ``https://example``."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//{site.partition('//')[2]}//deadlines//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("优质均衡期限"))
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for due in dues:
        calendar.add_component(_event(due, days, site))
    return calendar.to_ical()


def _event(due: Due, days: WorkingDays, site: str) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{due.key}@{site.partition('//')[2]}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", due.day)
    if due.day < date.max:  # the calendar ends there; without an end it is that one day
        event.add("dtend", due.day + DAY)
    event.add("transp", "TRANSPARENT")
    event.add("summary", due.words)
    event.add("url", site + due.path)
    if note := _note(due.day, days):
        event.add("description", note)
    return event


def _note(day: date, days: WorkingDays) -> str:
    """What there is to say of the day itself."""
    if days.is_working(day):
        return ""
    facts = {"day": day_text(day), "before": day_text(days.before(day))}
    sentence = _("%(day)s不是工作日；之前最近的工作日是 %(before)s。") % facts
    return sentence if days.is_settled(day) else sentence + _("当年放假安排还没有公布。")
