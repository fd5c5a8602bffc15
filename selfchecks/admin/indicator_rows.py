"""The table of indicators on the review page: figures, requirements, last year, the word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from districts.wording import listed
from indicators import wording
from indicators.calculation.scheme import CODES
from indicators.models import Indicator, Threshold
from indicators.pages.working import CheckLine, working_of
from selfchecks.models import EvidenceItem
from selfchecks.models.review import Word
from selfchecks.pages.result import ResultPage
from selfchecks.pages.spreads import ORDER
from selfchecks.services.differences import EarlierWord

RESOURCES, VETO = "A", "V"
Outcome = Mapping[str, Any]
MOST_NAMED = 8  # failing units named in the row of part A; all of them stand below it


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator: what was found, what it was a year ago, documents, the inspector's word.

    The word is typed, kept, or offered again from the last round.
    """

    code: str
    name: str
    verdict: str
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
    def words(self) -> str:
        return str(wording.VERDICTS[self.verdict])

    @property
    def target(self) -> str:
        return f"{self.code}||"


def indicator_rows(
    page: ResultPage,
    before: Outcome | None,
    indicators: Sequence[Indicator],
    evidence: Mapping[str, Sequence[EvidenceItem]],
) -> Iterator[IndicatorRow]:
    """Part A as a whole, every indicator in the order of the standard, the veto."""
    yield _resources(page, before)
    for indicator in indicators:
        code, documents = indicator.code, tuple(evidence.get(indicator.code, ()))
        if code in CODES:
            verdict, facts = _resource(page.outcome, code)
            past = _resource(before, code)[1] if before else []
        elif code in page.outcome["indicators"]:
            verdict = page.outcome["indicators"][code]["verdict"]
            facts, past = _facts(indicator, page.outcome), _facts(indicator, before)
        else:
            continue
        yield IndicatorRow(
            code, indicator.display_name, verdict, tuple(facts), tuple(past), documents
        )
    verdict = page.outcome["veto"]["verdict"]
    told = _("有事项未填报") if verdict == "unknown" else _("没有报告存在的事项")
    raised = _("存在:%s") % listed(page.raised) if page.raised else told
    yield IndicatorRow(VETO, _("一票否决事项"), verdict, (raised,))


def _facts(indicator: Indicator, outcome: Outcome | None) -> list[str]:
    """Each check with its figure and what is required, then who falls short."""
    found = outcome["indicators"].get(indicator.code) if outcome else None
    if outcome is None or found is None:
        return []
    thresholds = list(indicator.thresholds.all())
    named = {f"{indicator.code}.{row.name}": row for row in thresholds}
    lines = working_of(indicator, thresholds, outcome).checks
    facts = [_fact(line, check, named) for line, check in zip(lines, found["checks"], strict=True)]
    return [*facts, *(words for line in lines for words in line.failing)]


def _fact(line: CheckLine, check: Outcome, named: Mapping[str, Threshold]) -> str:
    threshold = named.get(check["name"]) or named.get(check["name"].rpartition("_")[0])
    if threshold is None:
        return f"{line.name} {line.working} {line.verdict}"
    return _("%(name)s %(working)s,要求%(needed)s,%(verdict)s") % {
        "name": line.name,
        "working": line.working,
        "needed": wording.requirement(threshold),
        "verdict": line.verdict,
    }


def _resources(page: ResultPage, before: Outcome | None) -> IndicatorRow:
    """Part A as a whole: a unit may fail it although every coefficient is within its limit."""
    part = page.outcome["indicators"][RESOURCES]
    facts = tuple(_resource_facts(page, part))
    past = tuple(_past_resources(before["indicators"][RESOURCES])) if before else ()
    return IndicatorRow(RESOURCES, _("资源配置"), part["verdict"], facts, past)


def _past_resources(part: Outcome) -> Iterator[str]:
    yield str(wording.VERDICTS[part["verdict"]])
    units = part["units"]
    yield _("评估单元 %(met)s 个达标,共 %(total)s 个") % {
        "met": units["met"],
        "total": sum(units.values()),
    }
    yield _spreads(part["dispersion"])


def _spreads(found: Mapping[str, int]) -> str:
    return _("校际差异系数 %(met)s 项达标,共 %(total)s 项") % {
        "met": found["met"],
        "total": sum(found.values()),
    }


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
    yield _spreads(part["dispersion"])


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
