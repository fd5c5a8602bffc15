"""Where the plan is heading, put into rows for page and Excel: what was assumed, what follows."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from districts.wording import day_text, listed
from rest.books import Number, Sheet, write_book
from schedule.forecast import PACES
from schedule.services.outlook import Milestone, Outlook, UnitOutlook
from schedule.wording import STATES, shown_state

PACE_NAMES: dict[str, str | Promise] = {
    "slow": gettext_lazy("近两年速度的一半"),
    "same": gettext_lazy("近两年的速度"),
    "fast": gettext_lazy("近两年速度的一倍半"),
}
_REACHED = {
    True: ("met", gettext_lazy("够")),
    False: ("not_met", gettext_lazy("不够")),
    None: ("unknown", gettext_lazy("说不准")),
}


def headline(found: Outlook) -> str:
    """The finding first."""
    first = found.milestones[0] if found.milestones else None
    if first is None:
        return _("规划的各阶段都已结束。")
    facts: dict[str, Any] = {
        "year": first.phase.end_year,
        "target": first.target,
        "have": first.named + first.unnamed,
        "needed": first.needed,
        "totals": totals_text(first, "same"),
    }
    sentence = _(
        "到 %(year)s 年底要有 %(target)s 个，现有 %(have)s 个，还要 %(needed)s 个；"
        "各单位照近两年的速度走，届时共 %(totals)s 个。"
    )
    return sentence % facts


def totals_text(milestone: Milestone, pace: str) -> str:
    least, most = milestone.totals(pace)
    return str(least) if least == most else f"{least}–{most}"


def milestone_cells(milestone: Milestone) -> list[tuple[Any, ...]]:
    """Per pace: its name, the total, look and word of whether that is enough."""
    return [
        (PACE_NAMES[pace], totals_text(milestone, pace), *_REACHED[milestone.is_reached(pace)])
        for pace in PACES
    ]


def gap_text(unit: UnitOutlook) -> str:
    """2024 年 9、2025 年 7."""
    years = unit.course.open_by_year if unit.course else ()
    return listed(_("%(year)s 年 %(open)s") % {"year": y, "open": n} for y, n in years)


def speed_text(unit: UnitOutlook) -> str:
    course = unit.course
    if course is None or course.speed is None or not course.open_now:
        return ""
    return format(Decimal(course.speed.numerator) / course.speed.denominator, ".1f")


def expected_text(unit: UnitOutlook, pace: str) -> str:
    if not unit.is_known:
        return _("资料不足")
    year = unit.expected[pace]
    return _("没有在缩小") if year is None else str(year)


def chance_text(chance: float | None) -> str:
    """Whole percent; what is only nearly certain is not called certain."""
    if chance is None:
        return "–"
    percent = min(max(round(chance * 100), int(chance > 0)), 100 if chance >= 1 else 99)
    return f"{percent}%"


def row_of(unit: UnitOutlook, years: list[int]) -> dict[str, Any]:
    return {
        "unit": unit,
        "state": STATES[shown_state(unit.standing)],
        "look": shown_state(unit.standing),
        "gap": gap_text(unit) or _("没有复核通过的自查"),
        "speed": speed_text(unit),
        "expected": [(PACE_NAMES[pace], expected_text(unit, pace)) for pace in PACES],
        "chances": [(year, chance_text(unit.chances.get(year))) for year in years],
        "is_late": unit.is_known and _is_late(unit),
    }


def groups_of(found: Outlook, years: list[int]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Name and rows: who would be late first, then who would not, then who cannot be told."""
    rows: dict[str, list[dict[str, Any]]] = {"late": [], "in_time": [], "unknown": []}
    for unit in found.units:
        row = row_of(unit, years)
        rows["late" if row["is_late"] else "in_time" if unit.is_known else "unknown"].append(row)
    names = {
        "late": _("照近两年的速度赶不上规划年份：%s 个"),
        "in_time": _("赶得上：%s 个"),
        "unknown": _("资料不足，不推算：%s 个"),
    }
    return [(names[key] % len(group), group) for key, group in rows.items()]


def _is_late(unit: UnitOutlook) -> bool:
    year, planned = unit.expected["same"], unit.standing.planned_year
    return planned is not None and (year is None or year > planned)


def swap_words(found: Outlook) -> str:
    """What exchanging years would win, and what it would not."""
    advice = found.advice
    if not advice.moves:
        return _("互换规划年份不会让逾期的年数变少。")
    facts = {"moved": len(advice.moves), "before": advice.late_before, "after": advice.late_after}
    return (
        ngettext(
            "调整 %(moved)s 个单位的规划年份，逾期的年数合计从 %(before)s 减到 %(after)s。",
            "调整 %(moved)s 个单位的规划年份，逾期的年数合计从 %(before)s 减到 %(after)s。",
            len(advice.moves),
        )
        % facts
    )


def outlook_book(found: Outlook) -> bytes:
    """All of it as an Excel workbook, numbers as numbers."""
    return write_book(
        [
            Sheet(_("单位"), list(_unit_rows(found)), 2),
            Sheet(_("阶段目标"), list(_milestone_rows(found))),
            Sheet(_("互换年份"), list(_swap_rows(found))),
            Sheet(_("依据"), list(_about(found))),
        ]
    )


def _unit_rows(found: Outlook) -> Iterator[list[Any]]:
    years = [each.phase.end_year for each in found.milestones]
    by_year = [_("赶上 %s 年认定的可能") % year for year in years]
    yield [
        *(_("代码"), _("区县"), _("规划年份"), _("状态"), _("各年未达到的要求数"), _("每年减少")),
        *(str(PACE_NAMES[pace]) for pace in PACES),
        *by_year,
    ]
    for unit in found.units:
        row = row_of(unit, years)
        known = [unit.standing.code, unit.district.name, unit.standing.planned_year]
        years_at = [unit.expected.get(pace) or text for pace, (_name, text) in _paced(row)]
        chances = [_share(unit.chances.get(year)) for year in years]
        yield [*known, str(row["state"]), row["gap"], row["speed"], *years_at, *chances]


def _paced(row: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, str]]]:
    yield from zip(PACES, row["expected"], strict=True)


def _share(chance: float | None) -> Number | str:
    return "" if chance is None else Number(Decimal(repr(chance)), 2)


def _milestone_rows(found: Outlook) -> Iterator[list[Any]]:
    yield [_("年份"), _("目标"), _("已点名"), _("未点名"), *(str(PACE_NAMES[p]) for p in PACES)]
    for each in found.milestones:
        totals = [totals_text(each, pace) for pace in PACES]
        yield [each.phase.end_year, each.target, each.named, each.unnamed, *totals]


def _swap_rows(found: Outlook) -> Iterator[list[Any]]:
    yield [_("代码"), _("区县"), _("现在的规划年份"), _("换到")]
    units = found.position.districts
    for move in found.advice.moves:
        yield [move.code, units[move.code].name, move.old, move.new]


def _about(found: Outlook) -> Iterator[list[Any]]:
    yield [_("项目"), _("内容")]
    yield [_("截至"), day_text(found.position.progress.as_of)]
    yield [_("规划版本"), found.position.version.number]
    yield [_("从复核通过到公布的天数"), found.days]
    yield [_("逐年变化的个数"), found.changes]
    yield [_("数据性质"), _("演示数据") if found.is_demo else ""]
