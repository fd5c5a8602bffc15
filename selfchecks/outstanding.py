"""What stands between a district and the standard: each thing in words, with the one act for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charts.svg import Markup, element
from districts.wording import listed, noted
from figures.shown import shown
from figures.table import VETO_NAMES
from indicators import wording
from indicators.calculation.judged import IndicatorOutcome, UnitOutcome
from indicators.calculation.scheme import CODES, Verdict
from indicators.requirements import IndicatorRow
from indicators.rows import Figure, SpreadRow, StageTable, UnitRow
from indicators.schools import SchoolRow, coefficient_when_met
from indicators.services.rules import rules_of
from selfchecks.models import SelfCheck
from selfchecks.remarks import address

if TYPE_CHECKING:
    from selfchecks.results import ResultPage

MOST_LINES = 40  # schools in full where they fail; the table below has them all
MOST_DETAILS = 4


@dataclass(frozen=True)
class Thing:
    """``anchor`` is where the result tells more, ``act`` what to look at next and where it is."""

    verdict: Verdict
    words: str
    anchor: str
    details: tuple[str, ...] = ()
    schools: tuple[SchoolRow, ...] = ()
    act: tuple[str, str] | None = None

    @property
    def lines(self) -> tuple[SchoolRow, ...]:
        return self.schools[:MOST_LINES]

    @property
    def more(self) -> int:
        return len(self.schools) - len(self.lines)


def things_of(self_check: SelfCheck, page: "ResultPage") -> Iterator[Thing]:
    """What fails, then what cannot be said."""
    found = list(_things(self_check, page))
    for verdict in ("not_met", "unknown"):
        yield from (thing for thing in found if thing.verdict == verdict)


def _things(self_check: SelfCheck, page: "ResultPage") -> Iterator[Thing]:
    for verdict in ("not_met", "unknown"):
        yield from _schools(self_check, page, verdict)
    for spread in page.spreads:
        if spread.verdict == "not_met":
            yield _spread(self_check, page, spread)
    yield from _unknown_spreads(page)
    for row in page.judged:
        if row.verdict != "met":
            yield _indicator(self_check, page.outcome.indicators[row.code], row)
    yield from _veto(self_check, page)


def _schools(self_check: SelfCheck, page: "ResultPage", verdict: Verdict) -> Iterator[Thing]:
    """Each school once, whatever of its stages fails; what fails leads to the cheapest remedy."""
    of = [(stage, name, count[verdict]) for stage, name, count, _all in page.stage_counts]
    stages = [(stage, _of_stage(name, count, verdict)) for stage, name, count in of if count]
    if schools := tuple(page.schools_with(verdict)):
        words = listed(words for _stage, words in stages)
        way = (_("看怎么补最省"), reverse("plans", args=[self_check.reference]))
        act = way if verdict == "not_met" else None
        yield Thing(verdict, words, f"units-{stages[0][0]}", schools=schools, act=act)


def _of_stage(name: str, count: int, verdict: Verdict) -> str:
    about = {"stage": name, "count": count}
    if verdict == "unknown":
        words = ngettext(
            "%(stage)s：%(count)s 所学校无法判定", "%(stage)s：%(count)s 所学校无法判定", count
        )
    else:
        words = ngettext(
            "%(stage)s：%(count)s 所学校不达标", "%(stage)s：%(count)s 所学校不达标", count
        )
    return words % about


def _spread(self_check: SelfCheck, page: "ResultPage", spread: SpreadRow) -> Thing:
    """With the school that widens it most and is short itself: lifting it is the first remedy."""
    words = _("%(code)s %(name)s（%(stage)s）：差异系数 %(cv)s，限值 %(limit)s") % {
        "code": spread.code,
        "name": spread.name,
        "stage": spread.stage,
        "cv": spread.cv,
        "limit": spread.found.limit,
    }
    table = next(table for table in page.stages if table.name == spread.stage)
    at = CODES.index(spread.code)
    cells = [(row, row.figures[at].cell) for row in table.rows]
    helping = [(row, cell) for row, cell in cells if cell.is_short and cell.adding == "helps"]
    if not helping:
        return Thing("not_met", words, "spreads")
    unit = max(helping, key=lambda each: each[1].share or "")[0].unit
    lifted = coefficient_when_met(table.rows, unit.school_code, at, rules_of(self_check.standard))
    then = shown(lifted, page.places.coefficient, most=spread.found.limit) if lifted else "–"
    named = {"school": unit.school_name, "then": then}
    detail = _("把%(school)s补到达标值，系数会是 %(then)s") % named
    return Thing("not_met", words, "spreads", (detail,), act=_to_school(self_check, unit))


def _to_school(self_check: SelfCheck, unit: UnitOutcome) -> tuple[str, str]:
    return unit.school_name, reverse(
        "self-check-school", args=[self_check.reference, unit.school_code]
    )


def _unknown_spreads(page: "ResultPage") -> Iterator[Thing]:
    rows = [row for row in page.spreads if row.verdict == "unknown"]
    if rows:
        words = ngettext(
            "%(count)s 项校际差异系数无法判定", "%(count)s 项校际差异系数无法判定", len(rows)
        )
        named = tuple(noted(f"{row.code} {row.name}", row.stage) for row in rows)
        yield Thing("unknown", words % {"count": len(rows)}, "spreads", _first(named))


def _indicator(self_check: SelfCheck, found: IndicatorOutcome, row: IndicatorRow) -> Thing:
    """Led to the cell of the first school that is short, or to what nobody reported."""
    words = f"{row.code} {row.name}"
    if row.verdict == "unknown":
        words = _("%s：无法判定") % words
        details = tuple(word for check in row.checks for word in check.lacking)
        places = [(item.school_code or "", item.field) for item in found.missing]
    else:
        details = tuple(word for check in row.checks for word in check.failing)
        failing = (item for check in found.checks for item in check.failing)
        places = [(item.school_code, item.field.partition("+")[0]) for item in failing]
    school, field = places[0] if places else ("", "")
    place = address(self_check, school, field, indicator=row.code)
    label = _("看这个数") if field else _("看佐证材料")
    return Thing(row.verdict, words, "judged", _first(details), act=(label, place))


def _first(details: tuple[str, ...]) -> tuple[str, ...]:
    more = len(details) - MOST_DETAILS
    return (*details[:MOST_DETAILS], _("另有 %s 条，见下面的表") % more) if more > 0 else details


def _veto(self_check: SelfCheck, page: "ResultPage") -> Iterator[Thing]:
    for item in page.raised:
        yield Thing("not_met", _("一票否决：%s") % item, "veto")
    if page.outcome.veto.verdict == "unknown":
        names = tuple(_(VETO_NAMES[code]) for code in page.outcome.veto.missing)
        upload = reverse("self-check-upload", args=[self_check.reference])
        act = (_("上传工作簿"), upload)
        yield Thing("unknown", _("一票否决有事项没有回答"), "veto", _first(names), act=act)


def lines_of(page: "ResultPage", table: StageTable) -> list[tuple[UnitRow, Markup, str]]:
    """The units of one stage, each with what it lacks; what stages share is said once."""
    schools = {school.code: school for school in page.schools()}
    return [
        (row, _cells(row), _short(schools[row.unit.school_code], table.stage)) for row in table.rows
    ]


def _cells(row: UnitRow) -> Markup:
    """The seven cells, drawn here: a template takes four times as long for a thousand of them."""
    return Markup("".join(map(_cell, row.figures)))


def _cell(figure: Figure) -> Markup:
    words = "" if figure.verdict == "met" else f" {figure.words}"
    close = f" {_('临界')}" if figure.cell.borderline else ""
    said = element("span", words, class_="sr") if words else None
    style = {"class_": f"r v v-{figure.verdict}", "data_k": figure.code}
    return element("td", figure.value or "–", said, close, **style)


def _short(school: SchoolRow, stage: str) -> str:
    own = [gap for gap in school.gaps if stage in gap.stages]
    return listed(
        gap.sentence
        if gap.stages[0] == stage
        else _("%(label)s见%(stage)s")
        % {"label": wording.label_of(gap.field), "stage": wording.stage_name(gap.stages[0])}
        for gap in own
    )
