"""What people are told, by kind of notice, in the language of who reads it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from districts.models import District
from districts.wording import day_text, in_yuan
from selfchecks.models import Notice
from selfchecks.workflow import STEPS

# Kind → what the reader is told; the params of the row fill the gaps. Rooms above add theirs.
TEXTS: dict[str, Any] = {
    **{f"step.{step.name}": step.notice for step in STEPS},
    "opened": _("%(unit)s %(year)s 年度自查已开启，%(due_on)s前报送。"),
    "deadline_moved": _(
        "%(unit)s %(year)s 年度自查的报送截止日由 %(before)s改为 %(due_on)s：%(comment)s"
    ),
    "standard_changed": _(
        "%(unit)s %(year)s 年度自查改按标准 %(new)s 测算（原为 %(old)s）；"
        "报送前请再看一遍测算结果。"
    ),
    "due_soon": _("%(unit)s %(year)s 年度自查还有 %(days)s 天截止（%(due_on)s），尚未报送。"),
    "due_today": _("%(unit)s %(year)s 年度自查今天截止，尚未报送。"),
    "overdue": _("%(unit)s %(year)s 年度自查已逾期 %(days)s 天（截止日 %(due_on)s），尚未报送。"),
    "reminder": _("%(actor)s提醒：%(unit)s %(year)s 年度自查尚未报送，截止日 %(due_on)s。"),
    "corrected": _(
        "%(actor)s经导入更正了%(unit)s %(year)s 年度自查的 %(count)s 个数，"
        "存为第 %(number)s 版，请核对：%(comment)s"
    ),
    "comment": _("%(actor)s在%(unit)s %(year)s 年度自查中写道：%(comment)s"),
}
ENGLISH_UNIT = "english_unit"  # what the unit is called on English pages
_MONEY = "amount"  # in yuan
_DAYS = ("due_on", "before")  # params that hold a day as ISO text


def text_of(notice: Notice, units: Mapping[str, str] | None = None) -> str:
    """The sentence of a notice in the reader's language; as it was written, where somebody did.
    ``units`` of many notices is what :func:`english_units` says of all of them."""
    if own := notice.params.get("words"):
        return str(own)
    days = {name: _day_in_words(notice.params[name]) for name in _DAYS if name in notice.params}
    people = {"actor": gettext(notice.params.get("actor") or "系统")}  # who may be the portal
    amount = notice.params.get(_MONEY)
    money = {_MONEY: in_yuan(Decimal(amount))} if amount else {}
    told = {**people, **days, **money, **_unit_in_words(notice, units)}
    params = {**notice.params, **told}
    return str(TEXTS[notice.kind] % params)


def _unit_in_words(notice: Notice, units: Mapping[str, str] | None) -> dict[str, str]:
    if notice.self_check:
        return {"unit": notice.self_check.district.display_name}
    unit = notice.params.get("unit", "")
    if get_language() != "en" or not unit:
        return {}
    known = english_units([notice]) if units is None else units
    return {"unit": notice.params.get(ENGLISH_UNIT) or known.get(unit, unit)}


def english_units(notices: Iterable[Notice]) -> dict[str, str]:
    """What English pages call the units of notices of earlier versions, which kept the Chinese name
    alone; read at once."""
    old = {one.params.get("unit") for one in notices if not one.params.get(ENGLISH_UNIT)} - {None}
    if get_language() != "en" or not old:
        return {}
    named = District.objects.filter(name__in=old).exclude(english_name="")
    return {unit: f"{name} {unit}" for unit, name in named.values_list("name", "english_name")}


def _day_in_words(text: str) -> str:
    try:
        return day_text(date.fromisoformat(text))
    except ValueError:
        return text  # notices of earlier versions kept the day in words


def own_page(notice: Notice) -> str:
    """Where it is seen to, when it says so itself: a page, and its argument if it has one."""
    name, argument = notice.params.get("page", ("", ""))
    return reverse(name, args=[argument] if argument else []) if name else ""
