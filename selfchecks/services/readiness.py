"""How ready a unit is by its latest approved self-check: district figures only, for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from districts.models import District
from selfchecks.models import Evaluation, IndicatorResult, ReviewEntry
from selfchecks.models.evaluation import Verdict
from selfchecks.services.undoing import standing
from selfchecks.workflow import APPROVING

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Readiness:
    """The approved verdict of a unit, without the name of any school."""

    year: int
    approved_on: date
    verdict: str
    verdicts: dict[str, str]  # by indicator, in the order of the standard
    digest: str
    unit_count: int
    failing_unit_count: int
    is_demo: bool
    is_open_again: bool


def readiness(
    districts: Iterable[District] | None = None, *, day: date | None = None
) -> dict[str, Readiness]:
    """District code → readiness; units without an approved self-check are not in it.

    ``day`` asks what was approved by then and not taken back. Reads approved results only, so it
    may be published.
    """
    return _told(latest_approvals(districts, day=day))


def readiness_in(
    districts: Iterable[District], years: Iterable[int]
) -> dict[tuple[str, int], Readiness]:
    """District code and year → readiness; years whose approval does not stand are not in it."""
    rows = _approvals(districts).filter(self_check__year__in=list(years))
    return _told({(row.self_check.district.code, row.self_check.year): row for row in rows})


def _told(approvals: Mapping[Key, ReviewEntry]) -> dict[Key, Readiness]:
    results = _results(approvals.values())
    return {
        key: _readiness(entry, results[entry.evaluation_id or 0])
        for key, entry in approvals.items()
    }


def latest_approvals(
    districts: Iterable[District] | None = None, *, day: date | None = None
) -> dict[str, ReviewEntry]:
    """District code → the approval of its newest year, with verdict and without the snapshot."""
    return {row.self_check.district.code: row for row in _approvals(districts, day)}


def _approvals(
    districts: Iterable[District] | None, day: date | None = None
) -> QuerySet[ReviewEntry]:
    """Those that stand, the newest year last and in it the newest decision."""
    rows = standing(APPROVING, day=day).filter(evaluation__isnull=False)
    if districts is not None:
        rows = rows.filter(self_check__district__in=districts)
    heavy = (f"evaluation__{name}" for name in ("inputs", "rules", "outcome"))
    rows = rows.select_related("self_check__district", "evaluation").defer(*heavy)
    return rows.order_by("self_check__year", "number")


def _results(entries: Iterable[ReviewEntry]) -> dict[int, Any]:
    counted = Q(unit_results__is_counted=True)
    failing = counted & Q(unit_results__verdict=Verdict.NOT_MET)
    rows = Evaluation.objects.filter(pk__in=[entry.evaluation_id for entry in entries])
    rows = rows.defer("inputs", "rules", "outcome").prefetch_related("indicator_results")
    counts = {
        "unit_count": Count("unit_results", filter=counted),
        "failing_unit_count": Count("unit_results", filter=failing),
    }
    return rows.annotate(**counts).in_bulk()


def _readiness(entry: ReviewEntry, evaluation: Any) -> Readiness:
    rows = [row for row in evaluation.indicator_results.all() if not row.stage]
    return Readiness(
        entry.self_check.year,
        timezone.localdate(entry.taken_at),
        evaluation.verdict,
        {row.indicator: row.verdict for row in sorted(rows, key=_standard_order)},
        evaluation.digest,
        evaluation.unit_count,
        evaluation.failing_unit_count,
        entry.self_check.is_demo,
        entry.self_check.is_open_again,
    )


def _standard_order(row: IndicatorResult) -> tuple[str, int]:
    return row.indicator[0], int(row.indicator[1:] or 0)
