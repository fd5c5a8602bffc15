"""The lines of parts B, C and D: each requirement with its working, who falls short, and notes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.wording import inside, listed
from figures.shown import FORM, Places, percent, shown
from indicators import wording
from indicators.calculation.judged import Check, Failing
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import Verdict
from indicators.models import Indicator
from indicators.rows import InWords

MOST_NAMED = 8  # schools named where everything that fails is listed
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class CheckRow(InWords):
    """One requirement outside part A: what was divided by what, and who falls short."""

    name: str
    working: str
    needed: str
    verdict: Verdict
    failing: tuple[str, ...]
    notes: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    value: str = ""

    @property
    def sentence(self) -> str:
        said = f"{self.name} {self.working} {inside(self.words)}"
        if self.needed:
            said = _("%(name)s %(working)s，要求%(needed)s，%(verdict)s") % {
                "name": self.name,
                "working": self.working,
                "needed": self.needed,
                "verdict": inside(self.words),
            }
        return " ".join([said, *self.notes])


@dataclass(frozen=True)
class IndicatorRow(InWords):
    """One indicator outside part A with its requirements."""

    code: str
    name: str
    verdict: Verdict
    checks: tuple[CheckRow, ...]


def check_row(
    check: Check,
    indicator: Indicator,
    places: Places = FORM,
    schools: Mapping[str, str] = NOBODY,
) -> CheckRow:
    """Named by the number it is held against, also where a stage was added to its name."""
    thresholds = indicator.thresholds.all() if indicator.pk else ()
    named = {f"{indicator.code}.{row.name}": row for row in thresholds}
    head, _underscore, stage = check.name.rpartition("_")
    threshold = named.get(check.name) or named.get(_SAME_LIMIT.get(check.name, head))
    if threshold is None or check.name in _SAME_LIMIT:
        name = _own_name(check.name, indicator)
    elif check.name in named:
        name = threshold.display_label
    else:
        name = f"{threshold.display_label} {wording.stage_name(stage)}"
    return CheckRow(
        name,
        _working(check, places),
        wording.requirement(threshold) if threshold else "",
        check.verdict,
        tuple(map(failing_words, check.failing)),
        tuple(notes_on(check, places)),
        tuple(lacking_words(check, schools)),
        found_and_needed(check, places)[0] if check.inputs.get("value") else "",
    )


_SAME_LIMIT = {"D1.visited": "D1.satisfied"}  # check → whose number it is held against


def _own_name(name: str, indicator: Indicator) -> str:
    if name.endswith(".statement"):
        return _("区县自评")
    if name.startswith("C9."):
        return _(name.removeprefix("C9."))
    if name == "D1.visited":
        return _("实地走访满意度")
    return _("全区县合计") if name.endswith(".rate") else indicator.display_name


def lacking_words(check: Check, schools: Mapping[str, str]) -> list[str]:
    """What nobody reported, by the school that did not: why nothing can be said.

    The first schools are named, the others counted.
    """
    fields: dict[str, list[str]] = {}
    for item in check.missing:
        code = item.school_code or ""
        fields.setdefault(schools.get(code, code), []).append(wording.label_of(item.field))
    words = [
        _("%(school)s：%(fields)s未填报") % {"school": _(name), "fields": listed(labels)}
        if name
        else _("%s未填报") % listed(labels)
        for name, labels in fields.items()
    ]
    if more := len(words[MOST_NAMED:]):
        words[MOST_NAMED:] = [
            ngettext("另有 %s 所学校没有填报", "另有 %s 所学校没有填报", more) % more
        ]
    return words


def notes_on(check: Check, places: Places = FORM) -> Iterator[str]:
    """What does not change the verdict and should be seen beside it."""
    found = check.inputs
    if found.get("borderline") or _seems_met(check, places):
        yield _("贴近限值，已按精确分数判定")
    if found.get("uncertain"):
        yield _("置信下限（95%%）%(lower)s，低于要求的 %(needed)s，样本偏少，结论不稳") % {
            "lower": percent(found["lower_bound"], places.rate, found["needed"]),
            "needed": percent_needed(found["needed"]),
        }
    if found.get("below_advised"):
        yield _("低于国家补助标准 %s 元，请核实") % found["advised"]


def _seems_met(check: Check, places: Places) -> bool:
    """Whether a division rounds to enough and is not, also where engine 1 did not mark it."""
    found = check.inputs
    if check.verdict != "not_met" or "numerator" not in found or found["value"] is None:
        return False
    needed = Decimal(found["needed"])
    if check.name == "B8.pay":
        return Decimal(shown(found["value"], places.coefficient)) >= needed
    return Decimal(percent(found["value"], places.rate).rstrip("%")) >= needed * 100


def _working(check: Check, places: Places) -> str:
    found = check.inputs
    if "numerator" in found:
        division = f"{_short(found['numerator'])} ÷ {_short(found['denominator'])}"
        return f"{division} = {found_and_needed(check, places)[0]}" if found["value"] else division
    if "level" in found:
        return _("等级 %(level)s，差异率 %(difference)s") % {
            "level": _short(found["level"]),
            "difference": _short(found["difference"]),
        }
    if "schools" in found:
        return _("%(schools)s 所学校，不符合 %(count)s 所") % {
            "schools": found["schools"],
            "count": len(check.failing),
        }
    return _short(found["value"]) if "value" in found else ""


def found_and_needed(check: Check, places: Places = FORM) -> tuple[str, str]:
    """A division as a percentage, but pay as so many times another; a reported figure as it is."""
    value, needed = check.inputs["value"], Decimal(check.inputs["needed"])
    if "numerator" not in check.inputs:
        return _short(value), write_decimal(needed)
    if check.name == "B8.pay":
        return shown(value, places.coefficient, least=(needed,)), write_decimal(needed)
    return percent(value, places.rate, needed), percent_needed(needed)


def percent_needed(needed: str | Decimal) -> str:
    """A limit as a percentage, with the places it is written with."""
    return f"{write_decimal(Decimal(needed) * 100)}%"


def _short(text: str | None) -> str:
    return _("未填报") if text is None else write_decimal(Decimal(text))


def failing_words(item: Failing) -> str:
    """A school that falls short; a limit on several figures names each of them."""
    return _("%(school)s：%(field)s %(found)s，要求 %(needed)s") % {
        "school": _(item.school_name),
        "field": " + ".join(map(wording.label_of, item.field.split("+"))),
        "found": _short(item.found),
        "needed": _short(item.needed),
    }
