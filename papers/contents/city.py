"""The city's yearly bulletin: plan beside outcome, phase by phase and unit by unit."""

from datetime import date
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from districts.wording import day_text
from schedule import totals, wording
from schedule.services.reading import Position, position_on

BEFORE = _("%s 年的通报不能截至这一年以前；请换一个日期，或者取那一年的通报。")


def fill(last_day: date, day: date) -> dict[str, Any]:
    """As of ``day``, not after the year's last one; the same counts as the API's progress.

    Raises Unusable for a day before the year.
    """
    if day.year < last_day.year:
        raise Unusable.at("as_of", BEFORE % last_day.year, code="before_its_year")
    position = position_on(min(last_day, day))
    counted = position.progress
    names = {code: district.display_name for code, district in position.districts.items()}
    return {
        "year": str(counted.as_of.year),
        "as_of": day_text(counted.as_of),
        "headline": strip_tags(totals.headline(counted)),
        "finding": totals.finding(counted),
        "due": totals.due_words(counted, names),
        "unnamed_words": totals.unnamed_words(counted),
        "plan": str(position.version),
        "units": str(counted.units),
        "certified": str(counted.certified),
        "certified_named": str(counted.certified_named),
        "certified_unnamed": str(counted.certified_unnamed),
        "late": str(len(counted.late)),
        "phases": list(_phases(position)),
        "years": list(_years(position)),
        "lines": list(_lines(position)),
    }


def _phases(position: Position) -> Any:
    for phase in position.progress.phases:
        yield {
            "name": phase.name,
            "years": f"{phase.start_year}–{phase.end_year}",
            "target": str(phase.target),
            "planned": str(phase.planned),
            "certified": str(phase.certified),
            "cohort_certified": totals.at_least(
                None if phase.gap is None else phase.cohort_certified, phase.cohort_certain
            ),
            "cumulative_target": str(phase.cumulative_target),
            "cumulative_certified": str(phase.cumulative_certified),
        }


def _years(position: Position) -> Any:
    for year in position.progress.years:
        yield {
            "year": str(year.year),
            "planned": str(year.planned),
            "cumulative_planned": str(year.cumulative_planned),
            "certified": _known(year.certified),
            "cumulative_certified": _known(year.cumulative_certified),
        }


def _known(count: int | None) -> str:
    return "—" if count is None else str(count)


def _lines(position: Position) -> Any:
    in_order = sorted(
        position.progress.standings, key=lambda one: (one.planned_year or 9999, one.code)
    )
    for number, one in enumerate(in_order, 1):
        yield {
            "number": str(number),
            "unit": position.districts[one.code].display_name,
            "planned_year": str(one.planned_year or "—"),
            "state": str(wording.STATES[wording.shown_state(one)]),
            "certified_on": day_text(one.certified_on) if one.certified_on else "—",
            "timing": wording.timing_words(one) or "—",
        }
