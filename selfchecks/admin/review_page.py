"""What stands on the review page: figures against thresholds and last year, failing first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from districts.models import User
from indicators.calculation.scheme import CODES, RATIOS
from selfchecks.models import EvidenceItem, SelfCheck, State
from selfchecks.pages import result
from selfchecks.pages.spreads import ORDER
from selfchecks.pages.units import StageTable, UnitRow
from selfchecks.services import evaluations, reviews
from selfchecks.services.differences import EarlierWord, earlier_words

from .indicator_rows import Outcome, indicator_rows

Words = Mapping[str, tuple[str, str]]  # indicator → the inspector's word and note


def build(self_check: SelfCheck, viewer: User, typed: Words) -> dict[str, Any] | None:
    """None unless a submitted result is there; ``typed`` words stand in place of those kept."""
    page = None if self_check.awaits_district else result.build(self_check)
    if page is None or page.evaluation is None:
        return None
    approved = evaluations.approved_before(self_check)
    before = approved.outcome if approved else None
    indicators = list(self_check.standard.indicators.prefetch_related("thresholds"))
    kept = reviews.words_for(page.evaluation, viewer)
    words = {row.indicator: (row.word, row.note) for row in kept}
    if self_check.state == State.IN_REVIEW:  # afterwards they are shown as not saved
        words |= typed
    earlier = earlier_words(self_check, page.evaluation, indicators)
    rows = [
        replace(row, **_judgement(row.code, words, earlier))
        for row in indicator_rows(page, before, indicators, _evidence_of(self_check))
    ]
    rows.sort(key=lambda row: ORDER[row.verdict])
    met = [row for row in rows if row.verdict == "met"]
    return {
        "result": page,
        "failing": [row for row in rows if row.verdict != "met"],
        "met": met,
        "met_lacks_note": any(row.lacks_note for row in met),
        "stages": list(_stages(self_check, page.stages, before)),
        "before_year": self_check.year - 1 if before else None,
    }


def _judgement(code: str, words: Words, earlier: Mapping[str, EarlierWord]) -> dict[str, Any]:
    """A word of the last round is offered again only while none was given in this one."""
    past = earlier.get(code)
    is_offered = bool(past and past.holds and code not in words)
    again = (past.word, past.note) if past and is_offered else ("", "")
    word, note = words.get(code, again)
    return {"word": word, "note": note, "earlier": past, "is_offered": is_offered}


def _evidence_of(self_check: SelfCheck) -> dict[str, list[EvidenceItem]]:
    found = defaultdict(list)
    for item in self_check.evidence_items.filter(removed_at=None):
        found[item.indicator].append(item)
    return found


def _stages(
    self_check: SelfCheck, tables: Sequence[StageTable], before: Outcome | None
) -> Iterator[dict[str, Any]]:
    """The units of each stage; those that fail are shown, the others behind one click."""
    past = _past_figures(before)
    cells = dict(self_check.school_records.values_list("school_code", "cells"))
    for table in tables:
        stage = table.anchor.removeprefix("units-")
        units = [(row, list(_figures(row, stage, past, cells))) for row in table.rows]
        yield {
            "table": table,
            "failing": [unit for unit in units if unit[0].verdict != "met"],
            "others": [unit for unit in units if unit[0].verdict == "met"],
        }


def _past_figures(before: Outcome | None) -> dict[tuple[str, str, str], str]:
    return {
        (unit["school_code"], unit["stage"], code): found["value"] or ""
        for unit in (before["units"] if before else ())
        for code, found in unit["indicators"].items()
    }


def _figures(
    row: UnitRow, stage: str, past: Mapping[Any, str], cells: Mapping[str, Mapping[str, str]]
) -> Iterator[dict[str, Any]]:
    """With the year before, the cell a figure came from and how a remark names it."""
    school = row.school_code
    for figure in row.figures:
        field = RATIOS[CODES.index(figure.code)].field_in(stage)
        yield {
            "figure": figure,
            "before": past.get((school, stage, figure.code), ""),
            "cell": cells.get(school, {}).get(field, ""),
            "target": f"{figure.code}|{school}|{field}",
        }
