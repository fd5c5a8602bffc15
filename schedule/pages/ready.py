"""How ready units are by their latest approved self-check: district figures, never a school."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from districts.models import District
from indicators.models import Indicator, Standard
from indicators.wording import VERDICTS
from selfchecks.services.readiness import Readiness, readiness

ORDER = {"not_met": 0, "unknown": 1, "met": 2}


@dataclass(frozen=True, slots=True)
class Open:
    """An indicator that is not met yet, or cannot be told."""

    code: str
    name: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The approved result of a unit in plain words."""

    year: int
    approved_on: date
    verdict: str
    sentence: str
    open: tuple[Open, ...]
    is_demo: bool


@dataclass(frozen=True, slots=True)
class ReadySummary:
    """How many units have an approved self-check, by verdict."""

    met: tuple[District, ...]
    not_yet: tuple[District, ...]
    has_demo: bool

    @property
    def count(self) -> int:
        return len(self.met) + len(self.not_yet)


def readiness_of(district: District, day: date) -> Ready | None:
    """What was approved by the day; None without an approved self-check."""
    found = readiness([district], day=day).get(district.code)
    if found is None:
        return None
    counts = Counter(found.verdicts.values())
    return Ready(
        year=found.year,
        approved_on=found.approved_on,
        verdict=found.verdict,
        sentence=_sentence(found, counts),
        open=_open(found),
        is_demo=found.is_demo,
    )


def _sentence(found: Readiness, counts: Counter[str]) -> str:
    if found.verdict == "met":
        return gettext("%s 年度自查经市级复核,各项都达到标准。") % found.year
    return gettext(
        "%(year)s 年度自查经市级复核:%(failing)s 项不达标,%(unknown)s 项无法判定;"
        "%(units)s 个评估单元中 %(failing_units)s 个不达标。"
    ) % {
        "year": found.year,
        "failing": counts["not_met"],
        "unknown": counts["unknown"],
        "units": found.unit_count,
        "failing_units": found.failing_unit_count,
    }


def _open(found: Readiness) -> tuple[Open, ...]:
    """What is not met first; A stands for all resources, V for what refuses a district."""
    names = {row.code: row.display_name for row in _indicators(found)}
    names |= {"A": gettext("资源配置"), "V": gettext("一票否决")}
    rows = [
        Open(
            code=code if code not in ("A", "V") else "",
            name=names.get(code, code),
            words=str(VERDICTS[verdict]),
            url=reverse("indicators") if code in ("A", "V") else reverse("indicator", args=[code]),
        )
        for code, verdict in sorted(found.verdicts.items(), key=lambda item: ORDER[item[1]])
        if verdict != "met"
    ]
    return tuple(rows)


def _indicators(found: Readiness) -> Sequence[Indicator]:
    standard = Standard.objects.in_force_on(found.approved_on)
    return list(standard.indicators.all()) if standard else []


def summary(districts: Sequence[District], day: date) -> ReadySummary:
    """For the home page; one question for all units."""
    found = readiness(districts, day=day)
    judged = [district for district in districts if district.code in found]
    return ReadySummary(
        met=tuple(row for row in judged if found[row.code].verdict == "met"),
        not_yet=tuple(row for row in judged if found[row.code].verdict != "met"),
        has_demo=any(row.is_demo for row in found.values()),
    )
