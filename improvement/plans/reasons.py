"""Why a plan asks for so much, and why there is none: indicators, schools, what could be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charts.bars import bar
from charts.svg import Markup
from districts.wording import listed
from figures.shown import percent, shown
from improvement.models import Plan
from improvement.plans.words import bound, money
from indicators import wording
from selfchecks.models import SchoolRecord
from selfchecks.results import ResultPage

MOST_NAMED = 5
_SIDES = {"above": gettext_lazy("高于平均"), "below": gettext_lazy("低于平均")}


@dataclass(frozen=True, slots=True)
class Driver:
    """A school that widens a coefficient: its part of the spread, on which side of the mean."""

    code: str
    name: str
    share: str
    bar: Markup
    side: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A coefficient that asks for more than thresholds do, and who would drive it at these."""

    sentence: str
    stage: str
    code: str
    drivers: tuple[Driver, ...]


def asking_of(row: Mapping[str, Any], after: ResultPage) -> Asking:
    """As the planner tells it."""
    code, stage = row["indicator"], wording.stage_name(row["stage"])
    sentence = _(
        "%(stage)s %(code)s %(name)s：只补到达标值，差异系数是 %(without)s，超过限值 %(limit)s；"
        "再补 %(raised)s 个单元，降到 %(after)s。"
    )
    found = {
        "stage": stage,
        "code": code,
        "name": after.names.get(code, code),
        "raised": row["raised"],
        "limit": after.outcome.dispersion[row["stage"]].coefficients[code].limit,
        **{key: _cv(row[key], after) for key in ("without", "after")},
    }
    return Asking(sentence % found, stage, code, tuple(_drivers(row["drivers"], after)))


def _cv(text: str | None, page: ResultPage) -> str:
    return shown(text, page.places.coefficient) if text else "–"


def _drivers(rows: Sequence[Mapping[str, str]], page: ResultPage) -> Iterator[Driver]:
    names = {unit.school_code: unit.school_name for unit in page.outcome.units}
    for row in rows:
        code, length = row["school_code"], Decimal(row["share"]) / Decimal(rows[0]["share"])
        share, side = percent(row["share"], 1), str(_SIDES[row["side"]])
        yield Driver(code, names.get(code, code), share, bar(float(length)), side)


def why_none(plan: Plan) -> list[str]:
    """Empty while nothing is known."""
    reason = (plan.result or {}).get("reason") or {}
    if reason.get("code") == "coefficients_alone":
        return [_alone(plan, reason), _("钱一次不够，可以分几年做，或者看交流轮岗要多少。")]
    if reason.get("code") == "budgets":
        return [_too_little(reason)]
    sentences = {"caps": _caps, "coefficient": _coefficient}
    say = sentences.get(reason.get("code", ""))
    if say:
        return [say(reason), _bound_by(plan, reason)]
    if reason:
        return [_("在限定的时间里没有找到方案，也没有证明没有；可以重新制作。")]
    return []


def still_open(plan: Plan, after: ResultPage) -> list[str]:
    """Which coefficients a budget too small for all of them leaves open; what all cost."""
    found = (plan.result or {}).get("coefficients") or {}
    if not found.get("open"):
        return []
    named = listed(_open(row, after) for row in found["open"])
    sentence = _("这笔钱先让 %(met)s / %(of)s 项差异系数达标；还没有达标的：%(named)s。")
    return [sentence % {**found, "named": named}, *why_none(plan)]


def _open(row: Mapping[str, Any], after: ResultPage) -> str:
    code, limit = row["indicator"], row["limit"]
    value = shown(row["after"], after.places.coefficient, most=limit) if row["after"] else "–"
    found = {**_about(row), "name": after.names.get(code, code), "value": value, "limit": limit}
    return _("%(stage)s %(code)s %(name)s（%(value)s，限值 %(limit)s）") % found


def _caps(reason: Mapping[str, Any]) -> str:
    return _("%(stage)s%(code)s 按现在的上限补不到基本值或达标值。") % _about(reason)


def _coefficient(reason: Mapping[str, Any]) -> str:
    sentence = _("%(stage)s%(code)s 的差异系数按现在的上限最低只能降到 %(lowest)s，还超过限值。")
    return sentence % {**_about(reason), "lowest": reason["lowest"]}


def _alone(plan: Plan, reason: Mapping[str, Any]) -> str:
    sentence = _("%(budget)s不够：只让差异系数全部达标就要 %(cost)s，任何方案都不低于 %(bound)s。")
    if Decimal(reason.get("locked", 0)):
        sentence = _(
            "%(budget)s不够：锁定的措施和差异系数就要 %(cost)s，任何方案都不低于 %(bound)s。"
        )
    return sentence % {
        "budget": money(Decimal(plan.terms["budget"])),
        "cost": money(Decimal(reason["cost"])),
        "bound": bound(Decimal(reason["bound"])),
    }


def _too_little(reason: Mapping[str, Any]) -> str:
    sentence = _("几年的钱加起来不够：到最后一年共要 %(cost)s，任何方案都不低于 %(bound)s。")
    return sentence % {
        "cost": money(Decimal(reason["cost"])),
        "bound": bound(Decimal(reason["bound"])),
    }


def _about(reason: Mapping[str, Any]) -> dict[str, str]:
    return {"stage": wording.stage_name(reason["stage"]), "code": reason["indicator"]}


def _bound_by(plan: Plan, reason: Mapping[str, Any]) -> str:
    codes = [unit["school_code"] for unit in reason["units"]]
    rows = SchoolRecord.objects.filter(self_check=plan.self_check, school_code__in=codes)
    names = dict(rows.values_list("school_code", "school_name"))
    shown = [names.get(code, code) for code in dict.fromkeys(codes)]
    more = "…" if shown[MOST_NAMED:] else ""
    return _("受上限约束的学校：%s。放宽这些学校的增配条件，再重新制作。") % (
        listed(shown[:MOST_NAMED]) + more
    )
