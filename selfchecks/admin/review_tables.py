"""The tables of the review page: what was found per indicator and per school, and said of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES, Verdict
from indicators.presenting import PART_A, VETO, Presented
from indicators.rows import Figure, InWords, StageTable, UnitRow
from selfchecks.models import IndicatorReview, SelfCheck
from selfchecks.models.review import Word
from selfchecks.remarks import with_parts
from selfchecks.results import ResultPage
from selfchecks.services.differences import earlier_words
from selfchecks.services.documents import Documents, Line

Typed = Mapping[str, tuple[str, str]]  # indicator → the inspector's word and note


@dataclass(frozen=True)
class Judgement(InWords):
    """One indicator: what was found, what it was a year ago, documents, the inspector's word.

    The word is typed, stored, or offered again from the last round.
    """

    code: str
    name: str
    verdict: Verdict
    facts: list[str]
    before: list[str]
    documents: list[Line]
    word: str
    note: str
    earlier: IndicatorReview | None
    is_offered: bool

    @property
    def lacks_note(self) -> bool:
        return self.word not in ("", Word.ACCEPTED) and not self.note

    @property
    def target(self) -> str:
        return f"{self.code}||"


def judgements(
    self_check: SelfCheck,
    page: ResultPage,
    before: Presented | None,
    words: Typed,
    documents: Documents,
) -> Iterator[Judgement]:
    """Part A as a whole, every indicator in the order of the standard, the veto."""
    earlier: Any = {}
    if page.evaluation:
        earlier = earlier_words(self_check, page.evaluation, page.indicators)
    for code, name in with_parts(page.names).items():
        if code not in (PART_A, VETO, *CODES, *page.outcome.indicators):
            continue
        past = earlier.get(code)
        # A word of the last round is offered again only while none was given in this one.
        is_offered = bool(past and past.holds and code not in words)
        word, note = words.get(code, (past.word, past.note) if is_offered else ("", ""))
        yield Judgement(
            code,
            name,
            page.verdict_of(code),
            facts=page.facts(code),
            before=before.past_facts(code) if before else [],
            documents=documents.about(code),
            word=word,
            note=note,
            earlier=past,
            is_offered=is_offered,
        )


def stages(
    self_check: SelfCheck, tables: Sequence[StageTable], before: Outcome | None
) -> Iterator[dict[str, Any]]:
    """The units of each stage; those that fail are shown, the others behind one click."""
    past = _past_figures(before)
    cells = dict(self_check.school_records.values_list("school_code", "cells"))
    for table in tables:
        units = [(row, list(_figures(row, past, cells))) for row in table.rows]
        yield {
            "table": table,
            "failing": [unit for unit in units if unit[0].verdict != "met"],
            "others": [unit for unit in units if unit[0].verdict == "met"],
        }


def _past_figures(before: Outcome | None) -> dict[tuple[str, str, str], str]:
    return {
        (unit.school_code, unit.stage, code): Figure(code, unit.stage, cell).value
        for unit in (before.units if before else ())
        for code, cell in unit.cells.items()
    }


def _figures(
    row: UnitRow, past: Mapping[Any, str], cells: Mapping[str, Mapping[str, str]]
) -> Iterator[dict[str, Any]]:
    """With the year before, the cell a figure came from and how a remark names it."""
    school = row.unit.school_code
    for figure in row.figures:
        yield {
            "figure": figure,
            "before": past.get((school, figure.stage, figure.code), ""),
            "cell": cells.get(school, {}).get(figure.field, ""),
            "target": f"{figure.code}|{school}|{figure.field}",
        }
