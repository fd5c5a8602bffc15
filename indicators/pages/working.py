"""The worked example of an indicator, laid out from the calculation's own result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from figures.table import PRIMARY, SCHOOL_FIELD
from indicators import wording
from indicators.calculation.figures import write_decimal
from indicators.models import Indicator, Threshold


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the example: 20 ÷ 480 × 100 = 4.166667."""

    name: str
    working: str
    value: str
    verdict: str
    is_met: bool
    shortfall: str


@dataclass(frozen=True, slots=True)
class Spread:
    """The dispersion of the example's primary units, from S and mean to the verdict."""

    sentence: str
    unweighted: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One requirement outside part A: what was divided by what, and who falls short."""

    name: str
    working: str
    verdict: str
    is_met: bool
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Working:
    units: tuple[UnitLine, ...] = ()
    spread: Spread | None = None
    checks: tuple[CheckLine, ...] = ()


Outcome = Mapping[str, Any]


def working_of(indicator: Indicator, thresholds: Iterable[Threshold], outcome: Outcome) -> Working:
    """Units and dispersion for A1–A7, the checks for all others."""
    if indicator.code not in outcome["indicators"]:
        units = tuple(_units(indicator, outcome["units"]))
        return Working(units=units, spread=_spread(indicator, outcome))
    labels = {f"{indicator.code}.{row.name}": row.display_label for row in thresholds}
    checks = outcome["indicators"][indicator.code]["checks"]
    return Working(checks=tuple(_check(check, labels, indicator) for check in checks))


def _units(indicator: Indicator, units: Iterable[Outcome]) -> Iterable[UnitLine]:
    for unit in units:
        if not unit["counted"]:
            continue
        found = unit["indicators"][indicator.code]
        yield UnitLine(
            name=f"{_(unit['school_name'])} {wording.stage_name(unit['stage'])}",
            working=_division(found, indicator.per or 1),
            value=found["value"],
            verdict=str(wording.UNIT_VERDICTS[found["verdict"]]),
            is_met=found["verdict"] == "met",
            shortfall=_shortfall(indicator, unit["stage"], found),
        )


def _division(found: Outcome, per: int) -> str:
    """Numerators of split facilities are shown as they came out, with six places at most."""
    times = f" × {per}" if per != 1 else ""
    numerator = write_decimal(Decimal(found["numerator"]))
    return f"{numerator} ÷ {found['denominator']}{times}"


def _shortfall(indicator: Indicator, stage: str, found: Outcome) -> str:
    if found["verdict"] == "met":
        return ""
    codes = [code for code in indicator.raw_fields if not code.startswith("pupils_")]
    fields = [SCHOOL_FIELD[code] for code in codes if SCHOOL_FIELD[code].stage in (None, stage)]
    return wording.amount(Decimal(found["shortfall"]), fields[0].unit)


def _spread(indicator: Indicator, outcome: Outcome) -> Spread:
    found = outcome["dispersion"][PRIMARY][indicator.code]
    sentence = _(
        "小学 %(units)s 个单元共 %(pupils)s 名学生,按学生数加权:平均 %(mean)s,标准差 %(sd)s,"
        "差异系数 %(sd)s ÷ %(mean)s = %(cv)s,限值 %(limit)s,%(verdict)s。"
    ) % {**found, "verdict": wording.VERDICTS[found["verdict"]]}
    left_out = [
        _(unit["school_name"])
        for unit in outcome["units"]
        if not unit["counted"] and unit["reason"] == "small_point"
    ]
    unweighted = _("未加权(仅供参考)%s。") % found["unweighted_cv"]
    return Spread(sentence, unweighted, tuple(left_out))


def _check(check: Outcome, labels: Mapping[str, str], indicator: Indicator) -> CheckLine:
    return CheckLine(
        name=_name(check["name"], labels, indicator),
        working=_figures(check),
        verdict=str(wording.VERDICTS[check["verdict"]]),
        is_met=check["verdict"] == "met",
        failing=tuple(_failing(item) for item in check["failing"]),
    )


def _name(name: str, labels: Mapping[str, str], indicator: Indicator) -> str:
    """The label of the number it is held against, also where a stage was added to its name."""
    head, _underscore, stage = name.rpartition("_")
    if name in labels:
        return labels[name]
    if head in labels:
        return f"{labels[head]} {wording.stage_name(stage)}"
    if name.endswith(".statement"):
        return _("区县自评")
    if name.startswith("C9."):
        return _(name.removeprefix("C9."))
    return _("全区县合计") if name.endswith(".rate") else indicator.display_name


def _figures(check: Outcome) -> str:
    if "numerator" in check:
        division = f"{_short(check['numerator'])} ÷ {_short(check['denominator'])}"
        return f"{division} = {check['value']}" if check["value"] else division
    if "level" in check:
        return _("等级 %(level)s,差异率 %(difference)s") % {
            "level": _short(check["level"]),
            "difference": _short(check["difference"]),
        }
    if "schools" in check:
        return _("%(schools)s 所学校,不符合 %(count)s 所") % {
            "schools": check["schools"],
            "count": len(check["failing"]),
        }
    return _short(check["value"]) if "value" in check else ""


def _short(text: str | None) -> str:
    return _("未填报") if text is None else write_decimal(Decimal(text))


def _failing(item: Outcome) -> str:
    return _("%(school)s:%(field)s %(found)s,要求 %(needed)s") % {
        "school": _(item["school_name"]),
        "field": wording.label_of(item["field"]),
        "found": _short(item["found"]),
        "needed": _short(item["needed"]),
    }
