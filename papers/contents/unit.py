"""The page about one unit: where it stands, and what its approved figures say."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from charts.against import Bar, against
from districts.models import District
from documents.rendering import Chart
from indicators.calculation.scheme import STAGES
from indicators.rows import SpreadRow
from indicators.wording import VERDICTS, stage_name
from schedule import progress, wording
from schedule.services.reading import Position, position_on
from selfchecks.models import ReviewEntry
from selfchecks.results import ResultPage
from selfchecks.services.readiness import latest_approvals

from .words import DEMO, day_of, figure, yes

EMPTY = dict.fromkeys(
    (
        *("year", "approved_on", "verdict", "digest", "chart"),
        *("units", "units_met", "coefficients", "coefficients_met", "others", "others_met"),
    ),
    "",
)


def fill(district: District, day: date) -> dict[str, Any]:
    """Of a unit that was on its way that day."""
    entry = latest_approvals([district], day=day).get(district.code)
    return standing(position_on(day), district) | (
        of_result(entry) if entry else {**EMPTY, "spreads": [], "open": [], "demo": ""}
    )


def standing(position: Position, district: District) -> dict[str, Any]:
    """Where the unit is on the way to certification."""
    found = position.standing_of(district.code)
    phase = progress.phase_of(position.progress.phases, found.planned_year)
    return {
        "unit": position.districts[district.code].display_name,
        "code": district.code,
        "as_of": day_of(position.progress.as_of),
        "planned_year": figure(found.planned_year, none=""),
        "phase": phase.name if phase else "",
        "state": wording.state_words(found),
        "timing": wording.timing_words(found),
    }


def of_result(entry: ReviewEntry) -> dict[str, Any]:
    """What an approved result says, with the same figures as its page."""
    assert entry.evaluation
    page = ResultPage(entry.self_check, entry.evaluation, entry.evaluation.result)
    schools, coefficients, others = page.counts
    names = [stage_name(stage) for stage in STAGES]
    # Primary schools first, as the form has them.
    spreads = sorted(page.spreads, key=lambda row: (row.code, names.index(row.stage)))
    return {
        "year": figure(entry.self_check.year),
        "approved_on": day_of(timezone.localdate(entry.taken_at)),
        "verdict": str(VERDICTS[page.verdict]),
        "digest": page.short_digest,
        "units_met": figure(schools[1]),
        "units": figure(schools[2]),
        "coefficients_met": figure(coefficients[1]),
        "coefficients": figure(coefficients[2]),
        "others_met": figure(others[1]),
        "others": figure(others[2]),
        "spreads": [spread(row) for row in spreads],
        "open": [
            {"code": row.code, "name": row.name, "words": row.words}
            for row in page.judged
            if row.verdict != "met"
        ],
        "chart": chart(spreads),
        "demo": yes(entry.self_check.is_demo, DEMO),
    }


def spread(row: SpreadRow) -> dict[str, str]:
    return {
        "code": row.code,
        "name": row.name,
        "stage": row.stage,
        "value": figure(row.found.cv, row.cv),
        "limit": figure(row.found.limit, row.found.limit),
        "verdict": row.words,
    }


def chart(rows: list[SpreadRow]) -> Chart:
    """Every coefficient against its limit."""
    bars = [
        Bar(
            f"{row.code} {row.stage}",
            None if row.found.cv is None else float(Decimal(row.found.cv)),
            float(row.found.limit),
            f"{row.cv or '—'} {row.words}",
        )
        for row in rows
    ]
    words = "各项校际差异系数与限值"
    described = "；".join(f"{bar.label} {bar.shown}" for bar in bars)
    return Chart(against(bars, name="spreads", title=words, description=described), words)
