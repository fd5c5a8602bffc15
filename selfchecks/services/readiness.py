"""How ready a unit is by its latest approved self-check: district figures only, for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from districts.models import District
from selfchecks.models import Evaluation, ReviewEntry, SelfCheck
from selfchecks.models.evaluation import Verdict
from selfchecks.workflow import APPROVING


@dataclass(frozen=True, slots=True)
class Readiness:
    """The approved verdict of a unit, without the name of any school."""

    district_code: str
    year: int
    verdict: str
    approved_on: date
    digest: str
    verdicts: dict[str, str]
    dispersion: dict[tuple[str, str], tuple[str, str]]
    unit_count: int
    failing_unit_count: int
    is_demo: bool

    @property
    def not_met(self) -> tuple[str, ...]:
        """Indicators that fail, in the order of the standard."""
        return tuple(code for code, verdict in self.verdicts.items() if verdict == "not_met")

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(code for code, verdict in self.verdicts.items() if verdict == "unknown")

    @property
    def met_count(self) -> int:
        return sum(verdict == "met" for verdict in self.verdicts.values())


def readiness(
    districts: Iterable[District] | None = None, *, day: date | None = None
) -> dict[str, Readiness]:
    """District code → readiness; units without an approved self-check are not in it.

    ``day`` asks what was approved by then. Reads approved results only, so it may be published.
    """
    approvals = latest_approvals(districts, day=day)
    results = _results(approvals.values())
    return {
        code: _readiness(entry, results[entry.evaluation_id or 0])
        for code, entry in approvals.items()
    }


def latest_approvals(
    districts: Iterable[District] | None = None, *, day: date | None = None
) -> dict[str, ReviewEntry]:
    """District code → the approval of its newest year, with verdict and without the snapshot."""
    rows = ReviewEntry.objects.filter(step__in=APPROVING, evaluation__isnull=False)
    if day is not None:
        rows = rows.filter(taken_at__date__lte=day)
    if districts is not None:
        rows = rows.filter(self_check__district__in=districts)
    heavy = (f"evaluation__{name}" for name in ("inputs", "rules", "outcome"))
    rows = rows.select_related("self_check__district", "evaluation").defer(*heavy)
    in_order = rows.order_by("self_check__year", "number")
    return {entry.self_check.district.code: entry for entry in in_order}


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
    self_check: SelfCheck = entry.self_check
    results = list(evaluation.indicator_results.all())
    plain = {row.indicator: row.verdict for row in results if not row.stage}
    return Readiness(
        district_code=self_check.district.code,
        year=self_check.year,
        verdict=evaluation.verdict,
        approved_on=timezone.localdate(entry.taken_at),
        digest=evaluation.digest,
        verdicts={code: plain[code] for code in sorted(plain, key=_standard_order)},
        dispersion={
            (row.stage, row.indicator): ("" if row.value is None else str(row.value), row.verdict)
            for row in results
            if row.stage
        },
        unit_count=evaluation.unit_count,
        failing_unit_count=evaluation.failing_unit_count,
        is_demo=self_check.is_demo,
    )


def _standard_order(code: str) -> tuple[str, int]:
    return code[0], int(code[1:] or 0)
