"""The result: verdicts, dispersions, every school and indicator, what is missing; also as a table.

What fails stands first everywhere.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.refusals import Conflict
from charts.strip_plot import Dot, StripPlot, strip_plot
from charts.svg import Markup
from districts.access import SignedInRequest
from indicators import wording
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import CODES
from indicators.presenting import MOST_NAMED, Presented
from indicators.rows import Figure, SpreadRow, StageTable, UnitRow
from rest.renderers import CsvRenderer, XlsxRenderer
from selfchecks.bureau.access import of_self_check, offered, shown
from selfchecks.models import Evaluation, SelfCheck
from selfchecks.services import evaluations

TABLES: dict[str, tuple[Any, str]] = {
    "csv": (CsvRenderer, "text/csv; charset=utf-8"),
    "xlsx": (XlsxRenderer, XlsxRenderer.media_type),
}
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
        super().__init__(outcome, self_check.standard.indicators.prefetch_related("thresholds"))
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


def rows_for_download(page: Presented) -> Iterator[list[Any]]:
    """One row per unit and indicator, header first."""
    yield [
        *(_("学校标识码"), _("学校名称"), _("学段"), _("在校生数"), _("指标"), _("名称")),
        *(_("数值"), _("达标值"), _("结论"), _("差多少(原始数据)"), _("未修约的数值")),
    ]
    for unit in page.outcome.units:
        stage = wording.stage_name(unit.stage)
        head = [unit.school_code, unit.school_name, stage, unit.pupils]
        for code, cell in unit.cells.items():
            verdict = str(wording.UNIT_VERDICTS[cell.verdict])
            short = write_decimal(Decimal(cell.shortfall)) if cell.shortfall else ""
            name = page.names.get(code, code)
            value = Figure(code, unit.stage, cell).value
            yield [*head, code, name, value, cell.threshold, verdict, short, cell.value]


@of_self_check()
def result(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    try:
        page = build(self_check)
    except Conflict as refusal:
        return shown(request, "result", self_check, refusal=refusal)
    wanted = request.GET.get("format", "")
    if page and wanted in TABLES:
        table, kind = TABLES[wanted]
        content = table().write(list(rows_for_download(page)))
        return offered(content, f"{self_check.reference}.{wanted}", kind)
    return shown(request, "result", self_check, page=page)
