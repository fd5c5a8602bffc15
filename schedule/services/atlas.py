"""Reads what every unit reached in any year, from stored results, in a handful of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast

from districts.scope import Viewer
from schedule.alike import Profile
from selfchecks.models import Evaluation, IndicatorResult, SchoolRecord, UnitResult
from selfchecks.models.evaluation import Verdict
from selfchecks.services.undoing import standing
from selfchecks.workflow import APPROVING

APPROVED, NEWEST = "approved", "newest"
KEPT = 1000  # evaluations whose schools this process remembers
Key = tuple[str, str]  # indicator, and the stage where it has one
ALL: Key = ("A", "")  # of all seven indicators at once


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
# What the schools of an evaluation reached: it never changes, so a process works it out once.
_SCHOOLS: dict[tuple[int, str], dict[Key, Schools]] = {}


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
    """Unit → year → how much was still open: counted by the database, for every year there is."""
    if viewer is None:
        keys = _approved(day)
    else:
        rows = Evaluation.objects.visible_to(viewer).order_by("number")
        keys = list(dict(rows.values_list("self_check", "pk")).values())
    counted = IndicatorResult.objects.filter(evaluation__in=keys).exclude(indicator="A")
    unmet = Count("pk", filter=~Q(verdict=Verdict.MET))
    found: OpenByYear = {}
    schools = UnitResult.objects.filter(evaluation__in=keys, is_counted=True)
    failing = set(
        schools.exclude(verdict=Verdict.MET)
        .order_by()
        .values_list("evaluation", flat=True)
        .distinct()
    )
    about = (
        "evaluation",
        *(f"evaluation__self_check__{name}" for name in ("district__code", "year")),
    )
    for key, code, year, count in counted.order_by().values_list(*about).annotate(count=unmet):
        found.setdefault(code, {})[year] = count + (key in failing)
    return found


def _approved(day: date, **which: Any) -> list[int]:
    """Of each self-check the evaluation that was approved last and stood on the day."""
    rows = standing(APPROVING, day=day).filter(evaluation__isnull=False, **which)
    return list(dict(rows.order_by("number").values_list("self_check", "evaluation")).values())


def _results(rows: QuerySet[Any]) -> Results:
    told = rows.order_by().values_list(
        *("pk", "digest", "verdict", "self_check__district__code", "self_check__year"),
        *("self_check__state", "self_check__is_demo"),
    )
    found = {row[0]: row[1:] for row in told}
    schools = _schools({(pk, facts[0]) for pk, facts in found.items()})
    verdicts: dict[int, dict[Key, str]] = defaultdict(dict)
    spreads: dict[int, dict[Key, Decimal | None]] = defaultdict(dict)
    lines = IndicatorResult.objects.filter(evaluation__in=found).order_by()
    columns = ("evaluation_id", "indicator", "stage", "verdict", "value")
    for pk, code, stage, verdict, value in lines.values_list(*columns):
        verdicts[pk][code, stage] = verdict
        if stage:
            spreads[pk][code, stage] = value
    return {
        (code, year): Result(
            *(code, year, verdict, state, is_demo, pk),
            *(verdicts[pk], spreads[pk], schools[pk, digest]),
        )
        for pk, (digest, verdict, code, year, state, is_demo) in found.items()
    }


def _schools(asked: set[tuple[int, str]]) -> Mapping[tuple[int, str], dict[Key, Schools]]:
    """What was not asked before is read in one query; the digest tells a restored database."""
    missing = {pk: digest for pk, digest in asked if (pk, digest) not in _SCHOOLS}
    if missing:
        if len(_SCHOOLS) + len(missing) > KEPT:
            _SCHOOLS.clear()
            missing = dict(asked)
        _SCHOOLS.update(_count(missing))
    return _SCHOOLS


def _count(missing: Mapping[int, str]) -> dict[tuple[int, str], dict[Key, Schools]]:
    met: dict[int, Counter[Key]] = defaultdict(Counter)
    counted: dict[int, Counter[Key]] = defaultdict(Counter)
    rows = UnitResult.objects.filter(evaluation__in=missing, is_counted=True).order_by()
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
        for pk, digest in missing.items()
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
