"""What stands on the review page, failing first, and the form that is sent from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Unusable
from districts.models import User
from indicators.calculation.judged import ORDER
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES, Verdict
from indicators.presenting import PART_A, VETO, Presented
from indicators.rows import Figure, InWords, StageTable, UnitRow
from selfchecks import results
from selfchecks.models import EvidenceItem, IndicatorReview, SelfCheck, State
from selfchecks.models.review import Word
from selfchecks.remarks import place_of, with_parts
from selfchecks.services import evaluations, reviews
from selfchecks.services.decisions import Work
from selfchecks.services.differences import earlier_words
from selfchecks.services.reviews import Target
from selfchecks.step import Step

Words = Mapping[str, tuple[str, str]]  # indicator → the inspector's word and note
# What is usually wrong, in words that tell the district what to do.
REASONS: dict[str, str | Promise] = {
    "remarks": gettext_lazy("请按复核意见逐条核对、修改后重新报送。"),
    "figures": gettext_lazy("部分数据与统计报表不一致,请核对原始报表后重新填报。"),
    "evidence": gettext_lazy("佐证材料不全或与所填内容不符,请补充后重新报送。"),
    "explanations": gettext_lazy("与上一年相比变化较大的数据没有说清原因,请补充说明。"),
    "missing": gettext_lazy("有应填未填的数据,请补齐后重新报送。"),
}


class ReviewForm:
    """The page's one form as it came: nothing typed is lost when it is refused."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self.digest = data.get("digest", "")
        # Figures handed in again unchanged have the same digest, but it is another round.
        version = data.get("version", "")
        self.version = int(version[:9]) if version.isdecimal() else None
        self.text = data.get("text", "")
        self.added = data.get("comment", "").strip()
        # (word, note) of every indicator on the form, chosen or not
        self.words = {
            name.removeprefix("word_"): (word, data.get(name.replace("word", "note"), "").strip())
            for name, word in data.items()
            if name.startswith("word_")
        }

    def comment_for(self, step: Step) -> str:
        """What was added to the chosen sentence; the sentences speak of what must be corrected."""
        return self.comment if step.needs_comment else self.added

    @property
    def comment(self) -> str:
        chosen = str(REASONS.get(self.data.get("reason", ""), ""))
        return "\n".join(filter(None, (chosen, self.added)))

    @property
    def due_on(self) -> date | None:
        """None for nothing typed. Raises Unusable for what is no day."""
        text = self.data.get("due_on", "")
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if text and day is None:
            sentence = _("「%s」不是日期;请写成 2026-12-31 这样。") % text[:20]
            raise Unusable(sentence, fields={"due_on": sentence})
        return day

    @property
    def in_words(self) -> list[tuple[str, str, str]]:
        """(indicator, word, note) of everything typed, for a page without the form."""
        labels = dict(Word.choices)
        return [
            (code, str(labels.get(word, "")), note)
            for code, (word, note) in self.words.items()
            if word or note
        ]

    @property
    def is_worth_showing(self) -> bool:
        return bool(self.text or self.comment or self.in_words)

    def work(self, self_check: SelfCheck) -> Work:
        """Raises Unusable when the remark does not say what it speaks of."""
        words = {code: typed for code, typed in self.words.items() if typed[0]}
        on = self.data.get("target", "")
        return Work(words, self.text, target_of(self_check, on)[0]) if on else Work(words)


def target_of(self_check: SelfCheck, text: str) -> tuple[Target, str]:
    """``A2|2150006001|backbone_teachers_primary`` with its cell, and in words.

    Raises Unusable for anything else than three parts.
    """
    parts = text.split("|")
    if len(parts) != 3 or not any(parts):
        raise Unusable(_("请指明意见针对哪个指标、哪所学校或哪个单元格。"))
    indicator, code, field = parts
    record = self_check.school_records.filter(school_code=code[:10]).first() if code else None
    cell = record.cells.get(field, "") if record else ""
    sheet = record.sheet if record and cell else ""
    target = Target(indicator[:8], code[:12], field[:40], sheet, cell)
    return target, place_of(target, record.school_name if record else "")


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
    evidence: list[EvidenceItem]
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


def build(self_check: SelfCheck, viewer: User, typed: Words) -> dict[str, Any] | None:
    """None unless a submitted result is there; ``typed`` words stand in place of those stored."""
    page = None if self_check.awaits_district else results.build(self_check)
    if page is None or page.evaluation is None:
        return None
    approved = evaluations.approved_before(self_check)
    before = Presented(approved.result, page.indicators) if approved else None
    stored = reviews.words_for(page.evaluation, viewer)
    words = {row.indicator: (row.word, row.note) for row in stored}
    if self_check.state == State.IN_REVIEW:  # afterwards they are shown as not saved
        words |= typed
    rows = sorted(_judgements(self_check, page, before, words), key=lambda row: ORDER[row.verdict])
    met = [row for row in rows if row.verdict == "met"]
    return {
        "result": page,
        "failing": [row for row in rows if row.verdict != "met"],
        "met": met,
        "met_lacks_note": any(row.lacks_note for row in met),
        "stages": list(_stages(self_check, page.stages, approved.result if approved else None)),
        "before_year": self_check.year - 1 if before else None,
    }


def _judgements(
    self_check: SelfCheck, page: results.ResultPage, before: Presented | None, words: Words
) -> Iterator[Judgement]:
    """Part A as a whole, every indicator in the order of the standard, the veto."""
    documents = list(self_check.evidence)
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
            evidence=[item for item in documents if item.indicator == code],
            word=word,
            note=note,
            earlier=past,
            is_offered=is_offered,
        )


def _stages(
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
