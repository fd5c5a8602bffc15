"""Reads what every unit reached in any year, from stored results, in a handful of queries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import orjson
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    When,
)
from django.db.models.functions import Cast

from districts.scope import Viewer
from schedule.alike import Profile
from selfchecks.models import Evaluation, IndicatorResult, SchoolRecord, UnitResult
from selfchecks.models.evaluation import Verdict
from selfchecks.services.undoing import standing
from selfchecks.workflow import APPROVING

APPROVED, NEWEST = "approved", "newest"
KEPT = 1000  # evaluations that this process remembers
Key = tuple[str, str]  # indicator, and the stage where it has one
Evaluated = tuple[int, str]  # an evaluation, and its digest: that tells a restored database
Lines = tuple[dict[Key, str], dict[Key, Decimal | None]]  # verdicts; coefficients, rates
Known = TypeVar("Known")
ALL: Key = ("A", "")  # of all seven indicators at once
SATISFIED: Key = ("D1", "")  # the share of those asked


@dataclass(frozen=True, slots=True)
class Schools:
    """How many units of evaluation (评估单元) there are, and how many of them pass."""

    met: int
    counted: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a unit reached in a year; ``schools`` by indicator and stage, the whole under A."""

    code: str
    year: int
    verdict: str
    state: str
    is_demo: bool
    evaluation: int
    verdicts: Mapping[Key, str]
    spreads: Mapping[Key, Decimal | None]
    schools: Mapping[Key, Schools]

    @property
    def reference(self) -> str:
        return f"{self.code}-{self.year}"

    @property
    def still_open(self) -> int:
        """Coefficients and indicators that are not met, and the schools as one; what is unknown is
        open."""
        rest = sum(v != Verdict.MET for (code, _s), v in self.verdicts.items() if code != "A")
        whole = self.schools.get(ALL)
        return rest + bool(whole and whole.met < whole.counted)


Results = dict[tuple[str, int], Result]
OpenByYear = dict[str, dict[int, int]]
# What an evaluation says never changes, so a process reads it once.
_LINES: dict[Evaluated, Lines] = {}
_SCHOOLS: dict[Evaluated, dict[Key, Schools]] = {}
_OPEN: dict[Evaluated, int] = {}


def approved_results(years: Iterable[int], day: date) -> Results:
    """Unit and year → what was approved and stood on the day: this may be published."""
    keys = _approved(day, self_check__year__in=list(years))
    return _results(Evaluation.objects.filter(pk__in=keys))


def newest_results(years: Iterable[int], viewer: Viewer) -> Results:
    """Unit and year → what was handed in last, in the viewer's reach."""
    newest = Evaluation.objects.filter(self_check=OuterRef("self_check")).order_by("-number")
    rows = Evaluation.objects.visible_to(viewer).filter(self_check__year__in=list(years))
    return _results(rows.filter(pk=Subquery(newest.values("pk")[:1])))


def open_by_year(day: date, viewer: Viewer | None = None) -> OpenByYear:
    """Unit → year → how much was still open, for every year there is."""
    if viewer is None:
        keys = _approved(day)
    else:
        rows = Evaluation.objects.visible_to(viewer).order_by("number")
        keys = list(dict(rows.values_list("self_check", "pk")).values())
    about = ("pk", "digest", "self_check__district__code", "self_check__year")
    told = Evaluation.objects.filter(pk__in=keys).order_by().values_list(*about)
    places = {(pk, digest): (code, year) for pk, digest, code, year in told}
    found: OpenByYear = {}
    for one, count in _remembered(_OPEN, places, _count_open).items():
        code, year = places[one]
        found.setdefault(code, {})[year] = count
    return found


def _count_open(asked: Mapping[int, str]) -> dict[Evaluated, int]:
    """Counted by the database."""
    schools = UnitResult.objects.filter(evaluation=OuterRef("evaluation"), is_counted=True)
    failing = Exists(schools.exclude(verdict=Verdict.MET))
    lines = IndicatorResult.objects.filter(evaluation__in=asked).exclude(indicator="A").order_by()
    unmet = Count("pk", filter=~Q(verdict=Verdict.MET))
    counts = lines.annotate(failing=failing).values_list("evaluation", "failing")
    return {(pk, asked[pk]): count + failing for pk, failing, count in counts.annotate(count=unmet)}


def _approved(day: date, **which: Any) -> list[int]:
    """Of each self-check the evaluation that was approved last and stood on the day."""
    rows = standing(APPROVING, day=day).filter(evaluation__isnull=False, **which)
    return list(dict(rows.order_by("number").values_list("self_check", "evaluation")).values())


def _results(rows: QuerySet[Any]) -> Results:
    told = rows.order_by().values_list(
        *("pk", "digest", "verdict", "self_check__district__code", "self_check__year"),
        *("self_check__state", "self_check__is_demo"),
    )
    found = {(pk, digest): facts for pk, digest, *facts in told}
    lines = _remembered(_LINES, found, _read_lines)
    schools = _remembered(_SCHOOLS, found, _count)
    return {
        (code, year): Result(
            *(code, year, verdict, state, is_demo, one[0]), *lines[one], schools[one]
        )
        for one, (verdict, code, year, state, is_demo) in found.items()
    }


def _remembered(
    kept: dict[Evaluated, Known],
    asked: Iterable[Evaluated],
    read: Callable[[Mapping[int, str]], dict[Evaluated, Known]],
) -> dict[Evaluated, Known]:
    """What was asked; ``read`` gets at once what this process has not asked before."""
    found = {one: known for one in asked if (known := kept.get(one)) is not None}
    if missing := dict(one for one in asked if one not in found):
        found |= read(missing)
        if len(kept) + len(missing) > KEPT:
            kept.clear()
        kept.update(found)
    return found


def _read_lines(asked: Mapping[int, str]) -> dict[Evaluated, Lines]:
    found: dict[Evaluated, Lines] = {one: ({}, {}) for one in asked.items()}
    lines = IndicatorResult.objects.filter(evaluation__in=asked).order_by()
    satisfied = Case(When(indicator="D1", then=F("evaluation__outcome__indicators__D1__checks")))
    columns = ("evaluation_id", "indicator", "stage", "verdict", "value")
    for pk, code, stage, verdict, value, checks in lines.values_list(*columns, satisfied):
        verdicts, spreads = found[pk, asked[pk]]
        verdicts[code, stage] = verdict
        if stage:
            spreads[code, stage] = value
        shares = [check["value"] for check in checks or () if check["name"] == "D1.satisfied"]
        if share := next(filter(None, shares), None):
            spreads[SATISFIED] = Decimal(share)
    return found


def _count(asked: Mapping[int, str]) -> dict[Evaluated, dict[Key, Schools]]:
    met: dict[int, Counter[Key]] = defaultdict(Counter)
    counted: dict[int, Counter[Key]] = defaultdict(Counter)
    rows = UnitResult.objects.filter(evaluation__in=asked, is_counted=True).order_by()
    # Read as text, which takes a third of the time Django needs.
    told = rows.annotate(told=Cast("indicators", TextField()))
    for pk, stage, verdict, text in told.values_list("evaluation_id", "stage", "verdict", "told"):
        counted[pk][ALL] += 1
        met[pk][ALL] += verdict == Verdict.MET
        for code, cell in orjson.loads(text).items():
            counted[pk][code, stage] += 1
            met[pk][code, stage] += cell["verdict"] == Verdict.MET
    return {
        (pk, digest): {key: Schools(met[pk][key], count) for key, count in counted[pk].items()}
        for pk, digest in asked.items()
    }


# -- who is like whom ------------------------------------------------------------------------------


def profiles(results: Iterable[Result]) -> dict[str, Profile]:
    """Unit → pupils, schools, and the pupils of each kind of place, as reported that year."""
    wanted = {f"{one.code}-{one.year}": one.code for one in results}
    years = {one.year for one in results}
    rows = SchoolRecord.objects.filter(self_check__year__in=years).order_by()
    about = ("self_check__district__code", "self_check__year", "location")
    sums = {name: Sum(name, default=0) for name in ("pupils_primary", "pupils_junior")}
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for code, year, location, schools, primary, junior in rows.values_list(*about).annotate(
        schools=Count("pk"), **sums
    ):
        if f"{code}-{year}" in wanted:
            found[code].append((location, schools, int(primary + junior)))
    return {
        code: Profile(
            code,
            sum(schools for _place, schools, _pupils in parts),
            {place: pupils for place, _schools, pupils in parts},
        )
        for code, parts in found.items()
    }
