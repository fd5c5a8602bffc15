"""Results as Excel workbooks to go on working with: one self-check, or the city in a year.

Cells hold the exact numbers and show the standard's places; schools have one row per stage.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.shown import COEFFICIENT, VALUE
from figures.table import SCHOOL_FIELD
from indicators import wording
from indicators.calculation.judged import Cell, UnitOutcome
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import CODES, RATIOS, STAGES
from indicators.presenting import VETO
from rest.books import Number, Sheet, write_book
from selfchecks.models import Evaluation, IndicatorResult, SelfCheck, UnitResult
from selfchecks.results import ResultPage
from selfchecks.services.board import Board, Line

Names = Mapping[str, str]
_EXACT = gettext_lazy("数字按标准的位数显示，单元格里是未修约的数值；结论按未修约的数值判定。")


def result_book(self_check: SelfCheck, page: ResultPage) -> bytes:
    """Everything the result page tells of one self-check."""
    head, named = [_("学校标识码"), _("学校名称")], 2
    schools = (
        [unit.school_code, unit.school_name, *_unit(unit, unit.pupils, unit.counted, unit.cells)]
        for unit in page.outcome.units
    )
    return write_book(
        [
            Sheet(_("学校"), [[*head, *_unit_head(page.names)], *schools], named),
            Sheet(_("差异系数"), list(coefficients(page)), named),
            Sheet(_("其他指标"), list(_others(page)), named),
            Sheet(_("未填报"), [[*head, _("项目")], *map(list, page.missing)], named),
            Sheet(_("说明"), list(_about(self_check, page))),
        ]
    )


def _unit_head(names: Names) -> list[str]:
    head = [_("学段"), _("在校生数"), _("参与测算"), _("达标项数"), _("结论")]
    for code, ratio in zip(CODES, RATIOS, strict=True):
        unit = _(SCHOOL_FIELD[ratio.field_in(STAGES[0])].unit)
        head += [f"{code} {names.get(code, '')}".strip(), _("%s 结论") % code]
        head.append(_("%(code)s 差多少（%(unit)s）") % {"code": code, "unit": unit})
    return head


def _unit(
    unit: UnitOutcome | UnitResult, pupils: str | None, counted: bool, cells: Mapping[str, Cell]
) -> list[Any]:
    words = str(wording.VERDICTS[unit.verdict]) if unit.verdict else ""
    line: list[Any] = [wording.stage_name(unit.stage), Number.read(pupils, 0)]
    line += [_("是") if counted else _("否"), unit.met_count, words]
    for code in CODES:
        line += _figure(cells[code]) if code in cells else ["", "", ""]
    return line


def _figure(cell: Cell) -> Iterator[Any]:
    yield Number.read(cell.value, VALUE)
    yield str(wording.UNIT_VERDICTS[cell.verdict])
    yield (
        Decimal(write_decimal(Decimal(cell.shortfall))) if cell.is_short and cell.shortfall else ""
    )


def coefficients(page: ResultPage) -> Iterator[list[Any]]:
    yield [
        *(_("指标"), _("名称"), _("学段"), _("差异系数"), _("限值"), _("结论"), _("平均值")),
        *(_("标准差"), _("评估单元"), _("在校生数"), _("各校同等计（仅供参考）"), _("上年")),
    ]
    for row in sorted(page.spreads, key=attrgetter("code")):
        found = row.found
        yield [
            *(row.code, row.name, row.stage, Number.read(found.cv, COEFFICIENT)),
            *(Number.read(found.limit, 2), row.words, Number.read(found.mean, VALUE)),
            *(Number.read(found.sd, VALUE), found.units, Number.read(found.pupils, 0)),
            Number.read(found.unweighted_cv, COEFFICIENT),
            Number.read(page.then(row), COEFFICIENT),
        ]


def _others(page: ResultPage) -> Iterator[list[Any]]:
    yield [_("指标"), _("名称"), _("结论"), _("依据")]
    judged = {row.code for row in page.judged}
    for code in (*(each.code for each in page.indicators if each.code in judged), VETO):
        name = page.names.get(code, _("一票否决"))
        words = str(wording.VERDICTS[page.verdict_of(code)])
        yield ["" if code == VETO else code, name, words, "\n".join(page.facts(code))]


def _about(self_check: SelfCheck, page: ResultPage) -> Iterator[list[Any]]:
    yield [_("项目"), _("内容")]
    yield [_("自查"), str(self_check)]
    if self_check.is_demo:
        yield [_("数据性质"), _("演示数据，不是真实情况")]
    yield [_("状态"), str(self_check.get_state_display())]
    yield [_("标准"), str(self_check.standard)]
    yield [_("结论"), page.sentence]
    yield [_("指纹"), page.outcome.digest]
    if page.evaluation:
        yield [_("测算时间"), _minute(page.evaluation.evaluated_at)]
    yield [_("说明"), str(_EXACT)]


def _minute(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def city_book(board: Board) -> bytes:
    """The board's units with what their newest snapshots say, and every school of these."""
    lines = {line.self_check.pk: line for line in board.lines if line.self_check}
    rows = Evaluation.objects.filter(self_check__in=lines).order_by("number")
    newest = {row.self_check_id: row for row in rows.defer("inputs", "rules", "outcome")}
    units = {row.pk: lines[row.self_check_id].district.name for row in newest.values()}
    results: dict[int, list[IndicatorResult]] = defaultdict(list)
    for result in IndicatorResult.objects.filter(evaluation__in=units):
        results[result.evaluation_id].append(result)
    columns = sorted({_column(row) for found in results.values() for row in found})
    counts = _counts(units)
    table: list[list[Any]] = [_city_head(columns)]
    in_order = sorted(board.lines, key=attrgetter("district.order", "district.code"))
    for number, line in enumerate(in_order, 1):
        evaluation = newest.get(line.self_check.pk) if line.self_check else None
        key = evaluation.pk if evaluation else 0
        found = {_column(row): row for row in results[key]}
        table.append([number, *_unit_line(line, evaluation, counts[key])])
        table[-1] += [_judged(found.get(column)) for column in columns]
    about: list[list[Any]] = [
        [_("项目"), _("内容")],
        [_("年度"), board.year],
        [_("说明"), str(_EXACT)],
    ]
    schools = Sheet(_("学校"), list(_schools(units)), 3)
    return write_book([Sheet(_("区县"), table, 3), schools, Sheet(_("说明"), about)])


def _column(row: IndicatorResult) -> tuple[str, int, str]:
    """A1 primary, A1 junior, … B10 after B9, the veto last."""
    group, number = row.indicator[:1], row.indicator[1:]
    return group, int(number or 0), row.stage and f"{STAGES.index(row.stage)}{row.stage}"


def _city_head(columns: Iterable[tuple[str, int, str]]) -> list[str]:
    head = [
        *(_("排序"), _("代码"), _("区县"), _("状态"), _("截止日"), _("报送时间"), _("测算结论")),
        *(_("评估单元"), _("达标"), _("不达标"), _("无法判定"), _("指纹"), _("数据性质")),
    ]
    names = {("A", 0): _("A 部分"), ("V", 0): _("一票否决")}
    for group, number, stage in columns:
        name = names.get((group, number), f"{group}{number}")
        words = _("%(code)s %(stage)s差异系数")
        given = {"code": name, "stage": wording.stage_name(stage[1:])}
        head.append(words % given if stage else name)
    return head


def _unit_line(
    line: Line, evaluation: Evaluation | None, counts: Mapping[str, int]
) -> Iterator[Any]:
    check, words = line.self_check, wording.VERDICTS
    yield from (line.district.code, line.district.name, str(line.label))
    yield from (check.due_on, _minute(check.submitted_at)) if check else ("", "")
    yield str(words[evaluation.verdict]) if evaluation else ""
    numbers = [counts.get(verdict, 0) for verdict in words]
    yield from (sum(numbers), *numbers) if evaluation else ("",) * 4
    yield evaluation.short_digest if evaluation else ""
    yield _("演示数据") if check and check.is_demo else ""


def _judged(row: IndicatorResult | None) -> Any:
    if row is None:
        return ""
    return Number.read(row.value, COEFFICIENT) if row.stage else str(wording.VERDICTS[row.verdict])


def _counts(units: Iterable[int]) -> defaultdict[int, dict[str, int]]:
    rows = UnitResult.objects.filter(evaluation__in=units, is_counted=True).order_by()
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for evaluation, verdict, count in rows.values_list("evaluation", "verdict").annotate(
        Count("pk")
    ):
        found[evaluation][verdict] = count
    return found


def _schools(units: Mapping[int, str]) -> Iterator[list[Any]]:
    yield [_("区县"), _("学校标识码"), _("学校名称"), *_unit_head({})]
    for row in UnitResult.objects.filter(evaluation__in=units).order_by("evaluation", "pk"):
        cells = {code: Cell(**cell) for code, cell in row.indicators.items()}
        pupils = cells["A1"].denominator if "A1" in cells else None
        head = [units[row.evaluation_id], row.school_code, row.school_name]
        yield [*head, *_unit(row, pupils, row.is_counted, cells)]
