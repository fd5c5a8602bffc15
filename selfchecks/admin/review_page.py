"""What stands on the review page: figures against thresholds and last year, failing first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Prefetch

from indicators.calculation.scheme import CODES, RATIOS
from selfchecks.models import EvidenceItem, ReviewComment, SchoolRecord, SelfCheck, State
from selfchecks.pages import result
from selfchecks.pages.result import ResultPage
from selfchecks.pages.spreads import ORDER
from selfchecks.pages.units import Figure, StageTable, UnitRow
from selfchecks.services import evaluations, reviews
from selfchecks.services.earlier import EarlierWord, earlier_words

from .indicator_rows import IndicatorRow, Outcome, WordSaid, indicator_rows

Said = Mapping[str, tuple[str, str]]  # indicator → the inspector's word and note


@dataclass(frozen=True, slots=True)
class Seen:
    """One figure of one unit with the year before, the cell it came from and how to name it."""

    figure: Figure
    before: str
    cell: str
    target: str


@dataclass(frozen=True, slots=True)
class Unit:
    row: UnitRow
    figures: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """The units of one stage; those that fail are shown, the others behind one click."""

    table: StageTable
    failing: tuple[Unit, ...]
    others: tuple[Unit, ...]

    @property
    def groups(self) -> tuple[tuple[str, tuple[Unit, ...]], ...]:
        return (("failing", self.failing), ("others", self.others))


@dataclass(frozen=True, slots=True)
class ReviewPage:
    result: ResultPage
    indicators: tuple[IndicatorRow, ...]
    stages: tuple[Stage, ...]
    before_year: int | None

    @property
    def failing(self) -> tuple[IndicatorRow, ...]:
        return tuple(row for row in self.indicators if row.verdict != "met")

    @property
    def met(self) -> tuple[IndicatorRow, ...]:
        return tuple(row for row in self.indicators if row.verdict == "met")

    @property
    def met_lacks_note(self) -> bool:
        return any(row.said.lacks_note for row in self.met)


def build(self_check: SelfCheck, viewer: Any, typed: Said | None = None) -> ReviewPage | None:
    """None unless a submitted result is there; ``typed`` words stand in place of those kept."""
    page = result.build(self_check)
    if page is None or page.evaluation is None:
        return None
    approved = evaluations.approved_before(self_check)
    before = approved.outcome if approved else None
    indicators = list(self_check.standard.indicators.prefetch_related("thresholds"))
    kept = reviews.words_for(page.evaluation, viewer)
    said = {row.indicator: (row.word, row.note) for row in kept}
    if typed and self_check.state == State.IN_REVIEW:  # afterwards they are shown as not saved
        said |= typed
    earlier = earlier_words(self_check, page.evaluation, indicators)
    rows = indicator_rows(page, before, indicators, _evidence_of(self_check))
    told = (replace(row, said=_said(row.code, said, earlier)) for row in rows)
    return ReviewPage(
        result=page,
        indicators=tuple(sorted(told, key=lambda row: ORDER[row.verdict])),
        stages=tuple(_stages(self_check, page.stages, before)),
        before_year=self_check.year - 1 if before else None,
    )


def _said(code: str, said: Said, earlier: Mapping[str, EarlierWord]) -> WordSaid:
    """A word of the last round is offered again only while nothing was said in this one."""
    past = earlier.get(code)
    if code in said:
        return WordSaid(*said[code], past)
    if past and past.holds:
        return WordSaid(past.word, past.note, past, is_offered=True)
    return WordSaid(earlier=past)


def _evidence_of(self_check: SelfCheck) -> dict[str, list[EvidenceItem]]:
    found = defaultdict(list)
    for item in self_check.evidence_items.filter(removed_at=None):
        found[item.indicator].append(item)
    return found


def _stages(
    self_check: SelfCheck, tables: Sequence[StageTable], before: Outcome | None
) -> Iterator[Stage]:
    past = _past_figures(before)
    cells = dict(
        SchoolRecord.objects.filter(self_check=self_check).values_list("school_code", "cells")
    )
    for table in tables:
        stage = table.anchor.removeprefix("units-")
        units = [_unit(row, stage, past, cells.get(row.school_code, {})) for row in table.rows]
        yield Stage(
            table=table,
            failing=tuple(unit for unit in units if unit.row.verdict != "met"),
            others=tuple(unit for unit in units if unit.row.verdict == "met"),
        )


def _past_figures(before: Outcome | None) -> dict[tuple[str, str, str], str]:
    return {
        (unit["school_code"], unit["stage"], code): found["value"] or ""
        for unit in (before["units"] if before else ())
        for code, found in unit["indicators"].items()
    }


def _unit(row: UnitRow, stage: str, past: Mapping[Any, str], cells: Mapping[str, str]) -> Unit:
    seen = []
    for figure in row.figures:
        field = RATIOS[CODES.index(figure.code)].field_in(stage)
        seen.append(
            Seen(
                figure=figure,
                before=past.get((row.school_code, stage, figure.code), ""),
                cell=cells.get(field, ""),
                target=f"{figure.code}|{row.school_code}|{field}",
            )
        )
    return Unit(row, tuple(seen))


def threads(self_check: SelfCheck) -> list[ReviewComment]:
    """Remarks with their answers, open ones first."""
    answers = ReviewComment.objects.select_related("written_by").order_by("pk")
    rows = self_check.comments.filter(parent=None).select_related("written_by", "settled_by")
    rows = rows.prefetch_related(Prefetch("answers", queryset=answers))
    return sorted(rows, key=lambda row: (row.settled_at is not None, -row.pk))
