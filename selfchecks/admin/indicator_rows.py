"""The table of indicators on the review page: figures, requirements, last year, the word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from districts.wording import listed
from indicators.calculation.scheme import CODES, Verdict
from indicators.presenting import PART_A, VETO, Presented
from indicators.rows import InWords
from selfchecks.models import EvidenceItem
from selfchecks.models.review import Word
from selfchecks.services.differences import EarlierWord


@dataclass(frozen=True)
class IndicatorRow(InWords):
    """One indicator: what was found, what it was a year ago, documents, the inspector's word.

    The word is typed, kept, or offered again from the last round.
    """

    code: str
    name: str
    verdict: Verdict
    facts: tuple[str, ...]
    before: tuple[str, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    word: str = ""
    note: str = ""
    earlier: EarlierWord | None = None
    is_offered: bool = False

    @property
    def lacks_note(self) -> bool:
        return self.word not in ("", Word.ACCEPTED) and not self.note

    @property
    def target(self) -> str:
        return f"{self.code}||"


def indicator_rows(
    page: Presented, before: Presented | None, evidence: Mapping[str, Sequence[EvidenceItem]]
) -> Iterator[IndicatorRow]:
    """Part A as a whole, every indicator in the order of the standard, the veto."""
    past = before.past_part_a() if before else []
    yield _row(page, PART_A, _("资源配置"), past)
    for code, name in page.names.items():
        if code not in (*CODES, *page.outcome.indicators):
            continue
        past = before.facts(code) if before else []
        yield _row(page, code, name, past, evidence.get(code, ()))
    verdict = page.outcome.veto.verdict
    absent = _("有事项未填报") if verdict == "unknown" else _("没有报告存在的事项")
    raised = _("存在:%s") % listed(page.raised) if page.raised else absent
    yield IndicatorRow(VETO, _("一票否决事项"), verdict, (raised,))


def _row(
    page: Presented,
    code: str,
    name: str,
    past: Sequence[str],
    documents: Sequence[EvidenceItem] = (),
) -> IndicatorRow:
    facts, verdict = tuple(page.facts(code)), page.verdict_of(code)
    return IndicatorRow(code, name, verdict, facts, tuple(past), tuple(documents))
