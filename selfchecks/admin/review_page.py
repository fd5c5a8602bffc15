"""What stands on the review page: figures against thresholds and last year, failing first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from districts.wording import listed
from indicators import wording
from indicators.calculation.scheme import CODES, RATIOS
from selfchecks.models import EvidenceItem, ReviewComment, SchoolRecord, SelfCheck
from selfchecks.pages import result
from selfchecks.pages.result import ResultPage
from selfchecks.pages.spreads import ORDER
from selfchecks.pages.units import Figure, StageTable, UnitRow
from selfchecks.services import evaluations, reviews

RESOURCES, VETO = "A", "V"
Outcome = Mapping[str, Any]
Said = Mapping[str, tuple[str, str]]  # indicator → the inspector's word and note
NOTHING = ("", "")
MOST_NAMED = 8  # failing units named in the row of part A; all of them stand below it


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator: what was found, what it was a year ago, documents, the inspector's word."""

    code: str
    name: str
    verdict: str
    facts: tuple[str, ...]
    before: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    word: str
    note: str

    @property
    def words(self) -> str:
        return str(wording.VERDICTS[self.verdict])

    @property
    def target(self) -> str:
        return f"{self.code}||"


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


def build(self_check: SelfCheck, viewer: Any, typed: Said | None = None) -> ReviewPage | None:
    """None unless a submitted result is there; ``typed`` words stand in place of those kept."""
    page = result.build(self_check)
    if page is None or page.evaluation is None:
        return None
    approved = evaluations.approved_before(self_check)
    before = approved.outcome if approved else None
    kept = reviews.words_for(page.evaluation, viewer)
    said = {row.indicator: (row.word, row.note) for row in kept} | dict(typed or {})
    rows = _indicator_rows(page, before, _evidence_of(self_check), said)
    return ReviewPage(
        result=page,
        indicators=tuple(sorted(rows, key=lambda row: ORDER[row.verdict])),
        stages=tuple(_stages(self_check, page.stages, before)),
        before_year=self_check.year - 1 if before else None,
    )


def _evidence_of(self_check: SelfCheck) -> dict[str, list[EvidenceItem]]:
    found = defaultdict(list)
    for item in self_check.evidence_items.filter(removed_at=None):
        found[item.indicator].append(item)
    return found


def _indicator_rows(
    page: ResultPage,
    before: Outcome | None,
    evidence: Mapping[str, Sequence[EvidenceItem]],
    said: Said,
) -> Iterator[IndicatorRow]:
    judged = {row.code: row for row in page.judged}
    yield _resources(page, before, said.get(RESOURCES, NOTHING))
    for code, name in page.names.items():
        if code in CODES:
            verdict, facts = _resource(page.outcome, code)
            past = _resource(before, code)[1] if before else []
        elif code in judged:
            verdict, checks = judged[code].verdict, judged[code].checks
            facts = [f"{check.name} {check.working} {check.verdict}" for check in checks]
            facts += [line for check in checks for line in check.failing]
            past = _past_verdict(before, code)
        else:
            continue
        yield IndicatorRow(
            code,
            name,
            verdict,
            tuple(facts),
            tuple(past),
            tuple(evidence.get(code, ())),
            *said.get(code, NOTHING),
        )
    raised = _("存在:%s") % listed(page.raised) if page.raised else _("没有报告存在的事项")
    verdict = page.outcome["veto"]["verdict"]
    yield IndicatorRow(
        VETO, _("一票否决事项"), verdict, (raised,), (), (), *said.get(VETO, NOTHING)
    )


def _resources(page: ResultPage, before: Outcome | None, said: tuple[str, str]) -> IndicatorRow:
    """Part A as a whole: a unit may fail it although every coefficient is within its limit."""
    part = page.outcome["indicators"][RESOURCES]
    return IndicatorRow(
        RESOURCES,
        _("资源配置"),
        part["verdict"],
        tuple(_resource_facts(page, part)),
        tuple(_past_verdict(before, RESOURCES)),
        (),
        *said,
    )


def _resource_facts(page: ResultPage, part: Outcome) -> Iterator[str]:
    for table in page.stages:
        failing = [row.name for row in table.rows if row.verdict == "not_met"]
        if failing:
            yield _("%(stage)s %(total)s 个评估单元中 %(count)s 个不达标:%(names)s") % {
                "stage": table.name,
                "total": len(table.rows),
                "count": len(failing),
                "names": listed(failing[:MOST_NAMED]) + ("…" if failing[MOST_NAMED:] else ""),
            }
    unknown = part["units"]["unknown"]
    if unknown:
        yield _("%s 个评估单元无法判定") % unknown
    spreads = part["dispersion"]
    yield _("校际差异系数 %(met)s 项达标,共 %(total)s 项") % {
        "met": spreads["met"],
        "total": sum(spreads.values()),
    }


def _past_verdict(before: Outcome | None, code: str) -> list[str]:
    found = before["indicators"].get(code) if before else None
    return [str(wording.VERDICTS[found["verdict"]])] if found else []


def _resource(outcome: Outcome, code: str) -> tuple[str, list[str]]:
    """Part A: the coefficient of each stage, and how many units lie below the threshold."""
    verdicts, facts = [], []
    for stage, table in outcome["dispersion"].items():
        if code in table:
            found = table[code]
            verdicts.append(found["verdict"])
            facts.append(_coefficient(stage, found))
    short = [unit for unit in outcome["units"] if unit["counted"] and _is_short(unit, code)]
    if short:
        facts.append(_("%s 个评估单元低于达标值") % len(short))
    order = sorted(verdicts, key=lambda verdict: ORDER[verdict])
    return (order[0] if order else "unknown"), facts


def _coefficient(stage: str, found: Outcome) -> str:
    return _("%(stage)s差异系数 %(cv)s,限值 %(limit)s,%(verdict)s") % {
        "stage": wording.stage_name(stage),
        "cv": found["cv"] or "—",
        "limit": found["limit"],
        "verdict": wording.VERDICTS[found["verdict"]],
    }


def _is_short(unit: Outcome, code: str) -> bool:
    return unit["indicators"][code]["verdict"] in ("floor", "below")


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
