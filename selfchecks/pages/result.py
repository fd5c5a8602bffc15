"""The result of a self-check: verdicts, dispersions, every school and indicator, what is missing.

What fails stands first everywhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from figures.table import VETO_ITEMS
from indicators import wording
from indicators.models import Indicator
from indicators.pages.working import CheckLine, working_of
from selfchecks.models import Evaluation, SelfCheck, State
from selfchecks.pages.spreads import ORDER, Composite, Spread, composites_of, spreads_of
from selfchecks.pages.strips import Strip, strips_of
from selfchecks.pages.units import StageTable, UnitRow, stage_tables
from selfchecks.services import evaluations

Outcome = Mapping[str, Any]
MOST_NAMED = 8  # schools named where everything that fails is listed
SENTENCES = {
    "met": gettext_lazy("按现有数据,全部达到标准。"),
    "not_met": gettext_lazy("按现有数据,还没有达到标准。"),
    "unknown": gettext_lazy("有数据未填报,还不能判定是否达到标准。"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator outside part A with its workings."""

    code: str
    name: str
    verdict: str
    words: str
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """Something that does not meet the standard yet; ``anchor`` is where the result tells more."""

    anchor: str
    words: str
    schools: tuple[UnitRow, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure nobody reported; ``line`` and ``column`` say where it is to be filled in."""

    school: str
    label: str
    line: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a kind meet the standard."""

    label: str
    met: int
    total: int


@dataclass(frozen=True, slots=True)
class ResultPage:
    self_check: SelfCheck
    evaluation: Evaluation | None
    outcome: Outcome
    spreads: tuple[Spread, ...]
    composites: tuple[Composite, ...]
    strips: tuple[Strip, ...]
    stages: tuple[StageTable, ...]
    judged: tuple[Judged, ...]
    raised: tuple[str, ...]
    missing: tuple[Missing, ...]
    names: Mapping[str, str]

    @property
    def verdict(self) -> str:
        return str(self.outcome["verdict"])

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.verdict])

    @property
    def failing(self) -> list[Failing]:
        """Everything that does not meet the standard yet."""
        return list(_failing(self))

    @property
    def counts(self) -> list[Count]:
        """How much of each part is met."""
        part = self.outcome["indicators"]["A"]
        parts = [
            (_("学校(多学段的按学段分别计)"), part["units"]),
            (_("校际差异系数"), part["dispersion"]),
            (_("其他指标"), Counter(row.verdict for row in self.judged)),
        ]
        return [Count(label, found["met"], sum(found.values())) for label, found in parts]

    @property
    def digest(self) -> str:
        return str(self.outcome["digest"])

    @property
    def short_digest(self) -> str:
        return self.digest.removeprefix("sha256:")[:12]


def outcome_of(self_check: SelfCheck) -> tuple[Evaluation | None, Outcome | None]:
    """What was submitted while it is out of the district's hands, else the present try-out."""
    if self_check.state in (State.SUBMITTED, State.IN_REVIEW, State.APPROVED):
        evaluation = evaluations.latest(self_check)
        return evaluation, evaluation.outcome if evaluation else None
    return None, evaluations.try_out(self_check)


def build(self_check: SelfCheck, *, with_plots: bool = True) -> ResultPage | None:
    """None while there are no figures. Raises Conflict when they cannot be evaluated."""
    evaluation, outcome = outcome_of(self_check)
    if outcome is None:
        return None
    return lay_out(self_check, evaluation, outcome, with_plots=with_plots)


def lay_out(
    self_check: SelfCheck, evaluation: Evaluation | None, outcome: Outcome, *, with_plots: bool
) -> ResultPage:
    """Every outcome can be shown, whatever is missing in it."""
    indicators = list(self_check.standard.indicators.prefetch_related("thresholds"))
    names = {indicator.code: indicator.display_name for indicator in indicators}
    return ResultPage(
        self_check=self_check,
        evaluation=evaluation,
        outcome=outcome,
        spreads=spreads_of(outcome, names),
        composites=composites_of(outcome),
        strips=tuple(strips_of(outcome, names)) if with_plots else (),
        stages=stage_tables(outcome, names),
        judged=tuple(sorted(_judged(outcome, indicators), key=lambda row: ORDER[row.verdict])),
        raised=tuple(_(VETO_ITEMS.get(code, code)) for code in outcome["veto"]["raised"]),
        missing=tuple(_missing(outcome)),
        names=names,
    )


def _judged(outcome: Outcome, indicators: Iterable[Indicator]) -> Iterator[Judged]:
    for indicator in indicators:
        found = outcome["indicators"].get(indicator.code)
        if found is None:
            continue
        working = working_of(indicator, indicator.thresholds.all(), outcome)
        yield Judged(
            code=indicator.code,
            name=indicator.display_name,
            verdict=found["verdict"],
            words=str(wording.VERDICTS[found["verdict"]]),
            checks=working.checks,
        )


def _missing(outcome: Outcome) -> Iterator[Missing]:
    names = {unit["school_code"]: unit["school_name"] for unit in outcome["units"]}
    for item in outcome["missing"]:
        code = item["school_code"] or ""
        yield Missing(names.get(code, code), _label(item["field"]), code)


def _label(field: str) -> str:
    return _(VETO_ITEMS[field]) if field in VETO_ITEMS else wording.label_of(field)


def _failing(page: ResultPage) -> Iterator[Failing]:
    for spread in page.spreads:
        if spread.verdict == "not_met":
            yield Failing("spreads", _spread_words(spread))
    for stage in page.stages:
        if stage.failing_count:
            yield _failing_schools(stage)
    for row in page.judged:
        if row.verdict == "not_met":
            yield Failing("judged", f"{row.code} {row.name}")
    for item in page.raised:
        yield Failing("veto", _("一票否决:%s") % item)


def _spread_words(spread: Spread) -> str:
    return _("%(code)s %(name)s(%(stage)s):差异系数 %(cv)s,限值 %(limit)s") % {
        "code": spread.code,
        "name": spread.name,
        "stage": spread.stage,
        "cv": spread.cv,
        "limit": spread.limit,
    }


def _failing_schools(stage: StageTable) -> Failing:
    rows = [row for row in stage.rows if row.verdict == "not_met"]
    words = ngettext(
        "%(stage)s:%(count)s 所学校不达标", "%(stage)s:%(count)s 所学校不达标", len(rows)
    )
    return Failing(
        stage.anchor,
        words % {"stage": stage.name, "count": len(rows)},
        tuple(rows[:MOST_NAMED]),
        max(0, len(rows) - MOST_NAMED),
    )
