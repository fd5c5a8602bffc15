"""An evaluation as text for a terminal: verdict, dispersion, failing units, what is missing."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from districts.wording import listed
from figures.table import SCHOOL_FIELD, VETO_ITEMS
from indicators import wording
from indicators.calculation.figures import write_decimal
from indicators.calculation.scheme import CODES, RATIOS, STAGES

MOST_LINES = 40
Outcome = Mapping[str, Any]


def report(outcome: Outcome, names: Mapping[str, str]) -> Iterator[str]:
    """The lines to print; ``names`` are the indicators' names by code."""
    yield _("结论:%(verdict)s(标准 %(standard)s,测算程序 %(engine)s,%(digest)s)") % {
        **outcome,
        "verdict": wording.VERDICTS[outcome["verdict"]],
        "digest": outcome["digest"][:19],
    }
    yield from _resources(outcome)
    yield from _dispersion(outcome["dispersion"])
    yield from _failing_units(outcome["units"])
    yield from _indicators(outcome["indicators"], names)
    yield from _veto(outcome["veto"])
    yield from _missing(outcome["missing"])


def _resources(outcome: Outcome) -> Iterator[str]:
    part = outcome["indicators"]["A"]
    yield ""
    yield _("A 资源配置:%s") % wording.VERDICTS[part["verdict"]]
    counts = _("评估单元:达标 %(met)s,不达标 %(not_met)s,无法判定 %(unknown)s")
    yield "  " + counts % part["units"]
    counts = _("差异系数:达标 %(met)s,不达标 %(not_met)s,无法判定 %(unknown)s")
    yield "  " + counts % part["dispersion"]
    left_out = sum(not unit["counted"] for unit in outcome["units"])
    if left_out:
        yield "  " + _("不参与测算的单元:%s") % left_out


def _dispersion(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    head = (_("指标"), _("平均"), _("标准差"), _("差异系数"), _("限值"), _("未加权"), _("结论"))
    for stage in STAGES:
        if not tables[stage]:
            continue
        rows = [_dispersion_row(code, tables[stage][code]) for code in CODES]
        yield ""
        yield _("%s 差异系数(未加权仅供参考)") % wording.stage_name(stage)
        yield from _table(head, rows)


def _dispersion_row(code: str, found: Outcome) -> tuple[str, ...]:
    figures = (found[name] or "—" for name in ("mean", "sd", "cv", "limit", "unweighted_cv"))
    return (code, *figures, _said(wording.VERDICTS, found))


def _said(words: Mapping[str, Any], found: Outcome) -> str:
    """The verdict, marked where rounding to the shown digits would flip it."""
    verdict = str(words[found["verdict"]])
    return " ".join([verdict, _("临界")]) if found["borderline"] else verdict


def _failing_units(units: Iterable[Outcome]) -> Iterator[str]:
    failing = [unit for unit in units if unit["counted"] and unit["verdict"] == "not_met"]
    if not failing:
        return
    head = (
        _("学校"),
        _("学段"),
        _("指标"),
        _("实际"),
        _("达标值"),
        _("基本值"),
        _("还差"),
        _("结论"),
    )
    rows = [row for unit in failing for row in _unit_rows(unit)]
    yield ""
    yield _("不达标的单元:%s 个") % len(failing)
    yield from _table(head, rows[:MOST_LINES])
    yield from _more(len(rows))


def _unit_rows(unit: Outcome) -> Iterator[tuple[str, ...]]:
    for ratio in RATIOS:
        found = unit["indicators"][ratio.code]
        if found["verdict"] not in ("floor", "below"):
            continue
        field = SCHOOL_FIELD[ratio.field_in(unit["stage"])]
        yield (
            unit["school_name"],
            wording.stage_name(unit["stage"]),
            ratio.code,
            found["value"],
            found["threshold"],
            found["floor"],
            wording.amount(Decimal(found["shortfall"]), field.unit),
            _said(wording.UNIT_VERDICTS, found),
        )


def _indicators(found: Mapping[str, Outcome], names: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield _("B 政府保障程度、C 教育质量、D 社会认可度")
    rows = [
        (code, names.get(code, ""), str(wording.VERDICTS[result["verdict"]]), _reasons(result))
        for code, result in found.items()
        if code != "A"
    ]
    yield from _table((_("代码"), _("指标"), _("结论"), _("说明")), rows)


def _reasons(result: Outcome) -> str:
    """The first failing school, else the value against what is needed."""
    for check in result["checks"]:
        if check["failing"]:
            first, more = check["failing"][0], len(check["failing"]) - 1
            words = _("%(school_name)s:%(label)s %(found)s,要求 %(needed)s") % {
                **first,
                "label": " + ".join(map(wording.label_of, first["field"].split("+"))),
            }
            return words + (_(";另有 %s 所") % more if more else "")
        if check["verdict"] == "not_met" and check.get("value"):
            needed = write_decimal(Decimal(check["needed"]))
            return _("%(value)s,要求 %(needed)s") % {"value": check["value"], "needed": needed}
    return _("缺 %s") % listed(result["missing"][:3]) if result["missing"] else ""


def _veto(veto: Outcome) -> Iterator[str]:
    yield ""
    words = {"met": _("没有"), "not_met": _("有"), "unknown": _("无法判定")}
    raised = listed(_(VETO_ITEMS[item]) for item in veto["raised"])
    yield _("一票否决:%s") % words[veto["verdict"]] + (f" {raised}" if raised else "")


def _missing(missing: Sequence[Outcome]) -> Iterator[str]:
    if not missing:
        return
    yield ""
    yield _("缺少的数据:%s 处") % len(missing)
    for item in missing[:MOST_LINES]:
        yield f"  {item['school_code'] or _('区县')} {item['field']}"
    yield from _more(len(missing))


def _more(count: int) -> Iterator[str]:
    if count > MOST_LINES:
        yield _("  另有 %s 处;用 --json 看全部。") % (count - MOST_LINES)


def _table(head: Sequence[Any], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns aligned by how wide characters are on a terminal."""
    lines = [[str(cell) for cell in line] for line in (head, *rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
