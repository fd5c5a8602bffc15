"""The city's yearly bulletin: plan beside outcome, phase by phase and unit by unit."""

from datetime import date
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from schedule import totals, wording
from schedule.services.reading import Position, position_on

from .words import NONE, count, day_of, figure

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
        "year": figure(counted.as_of.year),
        "as_of": day_of(counted.as_of),
        "headline": strip_tags(totals.headline(counted)),
        "finding": totals.finding(counted),
        "due": totals.due_words(counted, names),
        "unnamed_words": totals.unnamed_words(counted),
        "plan": str(position.version),
        "units": figure(counted.units),
        "certified": figure(counted.certified),
        "certified_named": figure(counted.certified_named),
        "certified_unnamed": figure(counted.certified_unnamed),
        "late": count(counted.late),
        "phases": list(_phases(position)),
        "years": list(_years(position)),
        "lines": list(_lines(position)),
    }


def _phases(position: Position) -> Any:
    for phase in position.progress.phases:
        yield {
            "name": phase.name,
            "years": f"{phase.start_year}–{phase.end_year}",
            "target": figure(phase.target),
            "planned": figure(phase.planned),
            "certified": figure(phase.certified),
            "cohort_certified": totals.at_least(
                None if phase.gap is None else phase.cohort_certified, phase.cohort_certain
            ),
            "cumulative_target": figure(phase.cumulative_target),
            "cumulative_certified": figure(phase.cumulative_certified),
        }


def _years(position: Position) -> Any:
    for year in position.progress.years:
        yield {
            "year": figure(year.year),
            "planned": figure(year.planned),
            "cumulative_planned": figure(year.cumulative_planned),
            "certified": figure(year.certified),
            "cumulative_certified": figure(year.cumulative_certified),
        }


def _lines(position: Position) -> Any:
    in_order = sorted(
        position.progress.standings, key=lambda one: (one.planned_year or 9999, one.code)
    )
    for number, one in enumerate(in_order, 1):
        yield {
            "number": figure(number),
            "unit": position.districts[one.code].display_name,
            "planned_year": figure(one.planned_year),
            "state": str(wording.STATES[wording.shown_state(one)]),
            "certified_on": day_of(one.certified_on),
            "timing": wording.timing_words(one) or NONE,
        }
