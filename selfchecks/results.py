"""The result as both sides read it: verdicts, dispersions, every school and indicator.

What fails stands first everywhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charts.strip_plot import Dot, StripPlot, strip_plot
from charts.svg import Markup
from figures.shown import Places
from indicators import wording
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES
from indicators.presenting import Presented
from indicators.requirements import MOST_NAMED
from indicators.rows import Figure, SpreadRow, StageTable, UnitRow
from selfchecks.models import Evaluation, SelfCheck
from selfchecks.services import evaluations
from selfchecks.services.differences import VerdictChange

SENTENCES = {
    "met": gettext_lazy("按现有数据,全部达到标准。"),
    "not_met": gettext_lazy("按现有数据,还没有达到标准。"),
    "unknown": gettext_lazy("有数据未填报,还不能判定是否达到标准。"),
}


class ResultPage(Presented):
    """The outcome of a self-check; ``evaluation`` when it was submitted, else it is a try-out."""

    def __init__(
        self, self_check: SelfCheck, evaluation: Evaluation | None, outcome: Outcome
    ) -> None:
        standard = self_check.standard
        rows = standard.indicators.prefetch_related("thresholds")
        super().__init__(outcome, rows, Places.of(standard))
        self.evaluation = evaluation

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.verdict])

    @property
    def short_digest(self) -> str:
        """The first twelve hex digits, enough to compare two pieces of paper."""
        return self.outcome.digest.removeprefix("sha256:")[:12]

    @property
    def failing(self) -> list[dict[str, Any]]:
        """Everything that does not meet the standard yet, and where the result tells more."""
        return list(self._failing())

    def _failing(self) -> Iterator[dict[str, Any]]:
        for spread in self.spreads:
            if spread.verdict == "not_met":
                yield {"anchor": "spreads", "words": _spread_words(spread)}
        yield from (_failing_schools(stage) for stage in self.stages if stage.failing)
        for row in self.judged:
            if row.verdict == "not_met":
                yield {"anchor": "judged", "words": f"{row.code} {row.name}"}
        for item in self.raised:
            yield {"anchor": "veto", "words": _("一票否决:%s") % item}

    @cached_property
    def strips(self) -> list[tuple[str, Markup]]:
        """One per indicator and stage with counted units: where each lies against the threshold."""
        return [
            (title := f"{code} {self.names.get(code, code)} {table.name}", _strip(table, at, title))
            for at, code in enumerate(CODES)
            for table in self.stages
            if table.rows
        ]

    def strip(self, code: str, stage: str) -> tuple[str, Markup] | None:
        """One of them."""
        title = f"{code} {self.names.get(code, code)} {wording.stage_name(stage)}"
        tables = (table for table in self.stages if table.stage == stage and table.rows)
        at = CODES.index(code) if code in CODES else -1
        return next(((title, _strip(table, at, title)) for table in tables if at >= 0), None)


def build(self_check: SelfCheck) -> ResultPage | None:
    """None while there are no figures. Raises Conflict when they cannot be evaluated."""
    evaluation, outcome = evaluations.outcome_of(self_check)
    return ResultPage(self_check, evaluation, outcome) if outcome else None


def _spread_words(spread: SpreadRow) -> str:
    return _("%(code)s %(name)s(%(stage)s):差异系数 %(cv)s,限值 %(limit)s") % {
        "code": spread.code,
        "name": spread.name,
        "stage": spread.stage,
        "cv": spread.cv,
        "limit": spread.found.limit,
    }


def _failing_schools(stage: StageTable) -> dict[str, Any]:
    count = len(stage.failing)
    words = ngettext("%(stage)s:%(count)s 所学校不达标", "%(stage)s:%(count)s 所学校不达标", count)
    return {
        "anchor": stage.anchor,
        "words": words % {"stage": stage.name, "count": count},
        "schools": [row.unit for row in stage.failing[:MOST_NAMED]],
        "more": max(0, count - MOST_NAMED),
    }


def _strip(table: StageTable, at: int, title: str) -> Markup:
    figures = [(row, row.figures[at]) for row in table.rows]
    known = [(row, figure) for row, figure in figures if figure.cell.value is not None]
    first = figures[0][1]
    threshold, floor = first.cell.threshold, first.cell.floor
    failing = sum(figure.cell.verdict != "met" for _row, figure in known)
    return strip_plot(
        StripPlot(tuple(map(_dot, known)), float(threshold), float(floor)),
        name=f"strip-{first.code}-{table.stage}",
        title=title,
        description=_("共 %(all)s 个单元,未达到达标值 %(threshold)s 的有 %(failing)s 个。")
        % {"all": len(known), "threshold": threshold, "failing": failing},
        threshold_label=_("达标值 %s") % threshold,
        floor_label=_("基本值 %s") % floor,
    )


def _dot(shown: tuple[UnitRow, Figure]) -> Dot:
    row, figure = shown
    label = f"{row.unit.school_name} {figure.value} {figure.words}"
    return Dot(float(figure.cell.value or 0), figure.cell.verdict, label)


def verdicts_in_words(
    changes: Iterable[VerdictChange], names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """What the verdict is on, the earlier one and the present one."""
    return [
        (_verdict_on(change, names), _verdict(change.before), _verdict(change.after))
        for change in changes
    ]


def _verdict(code: str | None) -> str:
    return str(wording.VERDICTS[code]) if code else _("没有结果")


def _verdict_on(change: VerdictChange, names: Mapping[str, str]) -> str:
    name, stage = names.get(change.indicator, ""), wording.stage_name(change.stage)
    if change.school:
        return f"{change.school}({stage})"
    code = change.indicator if change.indicator[1:] else ""  # A and V are known by their names
    return f"{code} {name}".strip() + (f"({stage})" if stage else "")
