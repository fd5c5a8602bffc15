"""An evaluation as text for a terminal: verdict, dispersion, failing units, what is missing."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from districts.wording import listed
from figures.shown import Places
from indicators import wording
from indicators.calculation.judged import IndicatorOutcome
from indicators.presenting import Presented
from indicators.requirements import failing_words, found_and_needed, notes_on
from indicators.rows import Figure, SpreadRow, UnitRow

MOST_LINES = 40


def report(page: Presented) -> Iterator[str]:
    """The lines to print."""
    outcome = page.outcome
    yield _("结论：%(verdict)s（标准 %(standard)s，测算程序 %(engine)s，%(digest)s）") % {
        **vars(outcome),
        "verdict": wording.VERDICTS[outcome.verdict],
        "digest": outcome.digest[:19],
    }
    yield from _resources(page)
    yield from _dispersion(page)
    yield from _failing_units(page)
    yield from _indicators(page)
    yield ""
    words = {"met": _("没有"), "not_met": _("有"), "unknown": _("无法判定")}
    yield " ".join([_("一票否决：%s") % words[outcome.veto.verdict], listed(page.raised)]).rstrip()
    yield from _missing(page)


def _resources(page: Presented) -> Iterator[str]:
    part = page.outcome.part_a
    yield ""
    yield _("A 资源配置：%s") % wording.VERDICTS[part.verdict]
    counts = _("评估单元：达标 %(met)s，不达标 %(not_met)s，无法判定 %(unknown)s")
    yield "  " + counts % part.units
    counts = _("差异系数：达标 %(met)s，不达标 %(not_met)s，无法判定 %(unknown)s")
    yield "  " + counts % part.dispersion
    if left_out := sum(not unit.counted for unit in page.outcome.units):
        yield "  " + _("不参与测算的单元：%s") % left_out


def _dispersion(page: Presented) -> Iterator[str]:
    head = (_("指标"), _("平均"), _("标准差"), _("差异系数"), _("限值"), _("未加权"), _("结论"))
    for table in page.stages:
        rows = sorted((r for r in page.spreads if r.stage == table.name), key=lambda row: row.code)
        if rows:
            yield ""
            yield _("%s差异系数（未加权仅供参考）") % table.name
            yield from _table(head, [_dispersion_row(row) for row in rows])


def _dispersion_row(row: SpreadRow) -> tuple[str, ...]:
    figures = (row.mean, row.sd, row.cv, row.found.limit, row.unweighted_cv)
    return (row.code, *(each or "—" for each in figures), _marked(row.words, row.found.borderline))


def _marked(words: str, is_borderline: bool) -> str:
    """The verdict, marked where rounding to the shown digits would flip it."""
    mark = _("临界")  # xgettext does not look into f-strings
    return f"{words} {mark}" if is_borderline else words


def _failing_units(page: Presented) -> Iterator[str]:
    failing = {
        (row.unit.school_code, row.unit.stage): row for t in page.stages for row in t.failing
    }
    if not failing:
        return
    head = (
        *(_("学校"), _("学段"), _("指标"), _("实际")),
        *(_("达标值"), _("基本值"), _("还差"), _("结论")),
    )
    rows = [
        _unit_row(failing[unit.school_code, unit.stage], figure)
        for unit in page.outcome.units
        if (unit.school_code, unit.stage) in failing
        for figure in failing[unit.school_code, unit.stage].figures
        if figure.cell.is_short
    ]
    yield ""
    yield _("不达标的单元：%s 个") % len(failing)
    yield from _table(head, rows[:MOST_LINES])
    yield from _more(len(rows))


def _unit_row(row: UnitRow, figure: Figure) -> tuple[str, ...]:
    cell = figure.cell
    return (
        *(row.unit.school_name, wording.stage_name(figure.stage), figure.code),
        *(figure.value, cell.threshold, cell.floor, figure.shortfall),
        _marked(figure.words, cell.borderline),
    )


def _indicators(page: Presented) -> Iterator[str]:
    yield ""
    yield _("B 政府保障程度、C 教育质量、D 社会认可度")
    rows = [
        (
            code,
            page.names.get(code, ""),
            str(wording.VERDICTS[found.verdict]),
            _reasons(found, page.places),
        )
        for code, found in page.outcome.indicators.items()
    ]
    yield from _table((_("代码"), _("指标"), _("结论"), _("说明")), rows)


def _reasons(found: IndicatorOutcome, places: Places) -> str:
    """The first failing school, else the value against what is needed."""
    for check in found.checks:
        if check.failing:
            more = len(check.failing) - 1
            return failing_words(check.failing[0]) + (_("；另有 %s 所") % more if more else "")
        if check.verdict == "not_met" and check.inputs.get("value"):
            value, needed = found_and_needed(check, places)
            return _("%(value)s，要求 %(needed)s") % {"value": value, "needed": needed}
    if found.missing:
        return _("缺 %s") % listed(map(str, found.missing[:3]))
    return listed(note for check in found.checks for note in notes_on(check, places))


def _missing(page: Presented) -> Iterator[str]:
    missing = page.outcome.missing
    if not missing:
        return
    yield ""
    yield _("缺少的数据：%s 处") % len(missing)
    for item in missing[:MOST_LINES]:
        yield f"  {item.school_code or _('区县')} {item.field}"
    yield from _more(len(missing))


def _more(count: int) -> Iterator[str]:
    if count > MOST_LINES:
        yield _("  另有 %s 处；用 --json 看全部。") % (count - MOST_LINES)


def _table(head: Sequence[Any], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns aligned by how wide characters are on a terminal."""
    lines = [[str(cell) for cell in line] for line in (head, *rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
