"""What needs eyes, in words: the same lines and workings for the inspector and for the chief."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from districts.wording import inside, listed
from figures.table import SCHOOL_FIELD, VETO_NAMES, item_of
from indicators import wording
from indicators.calculation.judged import Cell, UnitOutcome
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES
from indicators.presenting import Presented
from indicators.requirements import check_row
from indicators.rows import Figure, SpreadRow
from selfchecks.services.attending import judged_with
from selfchecks.services.attention import FEW, MOST, Attention, Basis, Change, Item, Kind, number
from selfchecks.services.differences import Difference, VerdictChange, compare_verdicts
from selfchecks.services.findings import in_words

TITLES = {
    Kind.RESTS: gettext_lazy("结论取决于一个数"),
    Kind.WARNING: gettext_lazy("警告和区县的说明"),
    Kind.VERSION: gettext_lazy("和上一版比变化最大"),
    Kind.YEAR: gettext_lazy("和上年比变化最大"),
    Kind.BLANK: gettext_lazy("未填报"),
    Kind.RATIO: gettext_lazy("比率变动最大"),
    Kind.NEAR: gettext_lazy("只差一点"),
    Kind.SURVEY: gettext_lazy("满意度把握不大"),
    Kind.FAILING: gettext_lazy("不达标"),
}
PASTS = {Kind.VERSION: pgettext_lazy("whose", "上一版"), Kind.YEAR: pgettext_lazy("whose", "上年")}
# The state a kind is shown in: class of the chip, glyph, word.
STATES = {
    Kind.BLANK: ("unk", "?", gettext_lazy("无法判定")),
    Kind.FAILING: ("fail", "✕", gettext_lazy("不达标")),
}
NEAR = ("near", "△", gettext_lazy("需留意"))
HARD = "\u00a0"  # a number and its unit stay together


@dataclass(frozen=True, slots=True)
class Line:
    """One item as a list shows it: what it is, why it matters, what the district said."""

    item: Item
    title: str
    why: tuple[str, ...]

    @property
    def key(self) -> str:
        return str(self.item.key)

    @property
    def state(self) -> tuple[str, str, Any]:
        return STATES.get(self.item.kind, NEAR)


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind; ``more`` are those not shown."""

    kind: Kind
    title: str
    lines: tuple[Line, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.lines)

    @property
    def query(self) -> str:
        return f"part={self.kind}"


class Words:
    """Names of the indicators of the standard, and with them every sentence on an item."""

    def __init__(self, page: Presented) -> None:
        self.page = page
        self.indicators = {row.code: row for row in page.indicators}

    def sections(self, found: Attention) -> list[Section]:
        return [
            Section(kind, str(TITLES[kind]), self.lines(own[: MOST.get(kind, FEW)]), len(own))
            for kind, own in found.by_kind.items()
        ]

    def lines(self, items: Iterable[Item]) -> tuple[Line, ...]:
        return tuple(map(self.line, items))

    def line(self, item: Item) -> Line:
        return Line(item, self._title(item), tuple(filter(None, self._why(item))))

    def _title(self, item: Item) -> str:
        if which := item.facts.get("which"):
            words = _("减少 %s 所学校") if which == "removed" else _("增加 %s 所学校")
            return words % len(item.facts["schools"])
        about = item.school_name or self._about(item), self._what(item)
        parts = [_("：").join(filter(None, about))]
        parts += [percent(each.share) for each in item.changes[:1] if each.share is not None]
        return " ".join(filter(None, parts)) or self._first_finding(item)["what"]

    def _about(self, item: Item) -> str:
        """The indicator or the veto item, by its name."""
        code = item.key.indicator
        if code == "V":
            return _("一票否决：%s") % _(VETO_NAMES.get(item.key.rest, ""))
        name = self.page.names.get(code, "")
        stage = wording.stage_name(item.key.rest) if "coefficient" in item.facts else ""
        return " ".join(filter(None, (stage, code, name)))

    def _what(self, item: Item) -> str:
        key = item.key
        if key.field:
            label = wording.label_of(key.field)
            return _("%s未填报") % label if item.kind == Kind.BLANK else label
        if not key.school:
            return ""
        stage = wording.stage_name(key.rest) if key.indicator else ""
        return " ".join((stage, "" if key.indicator == "A" else key.indicator)).strip()

    def _why(self, item: Item) -> Iterator[str]:
        for change in item.changes:
            yield moved(change)
            yield from decided(change)
        yield from self._of_facts(item)
        if item.findings and not item.changes and (item.key.field or item.school_name):
            yield self._first_finding(item)["what"]
        if item.findings:
            said = listed(dict.fromkeys(item.reasons))
            yield _("区县说明：%s") % said if said else _("区县没有说明")

    def _first_finding(self, item: Item) -> dict[str, Any]:
        return in_words(item.findings[0]) if item.findings else {"what": ""}

    def _of_facts(self, item: Item) -> Iterator[str]:
        facts = item.facts
        if schools := facts.get("schools"):
            yield listed(_("%s（不达标）") % name if fails else name for name, fails in schools[:8])
        if unknown := facts.get("unknown"):
            yield _("%s 因此无法判定") % listed(dict.fromkeys(unknown))
        if "then" in facts:
            cells = (Cell(**facts[side]) for side in ("then", "now"))
            yield " → ".join(self._figure(item, cell).value for cell in cells)
        if near := facts.get("near"):
            yield _("%s 再少百分之一就不达标") % listed(near)
        if unit := facts.get("unit"):
            short = [self._figure_of(code, unit, cell) for code, cell in unit.cells.items()]
            yield listed(f"{f.code} {f.value or '?'}" for f in short if f.verdict != "met")
        if found := facts.get("coefficient"):
            stage = wording.stage_name(item.key.rest)
            yield SpreadRow(item.key.indicator, "", stage, found, self.page.places).sentence
        yield from self._of_checks(item)

    def _of_checks(self, item: Item) -> Iterator[str]:
        """The requirement that makes the difference; schools that miss it are named by it."""
        indicator = item.facts.get("indicator")
        failing = (
            (each for each in indicator.checks if each.verdict == "not_met") if indicator else ()
        )
        if check := item.facts.get("check") or next(iter(failing), None):
            row = check_row(check, self.indicators[item.key.indicator], self.page.places)
            yield row.sentence
            yield listed(row.failing[:3])

    def _figure(self, item: Item, cell: Cell) -> Figure:
        return Figure(item.key.indicator, item.key.rest, cell, self.page.places)

    def _figure_of(self, code: str, unit: UnitOutcome, cell: Cell) -> Figure:
        return Figure(code, unit.stage, cell, self.page.places)


def percent(share: Decimal) -> str:
    sign = "+" if share > 0 else "−"
    return f"{sign}{abs(100 * share):,.1f}%"


def moved(change: Change) -> str:
    """1,823 → 700 人."""
    figure = change.figure
    return " → ".join((amount(figure.before), in_unit(figure, figure.after)))


def amount(text: str | None) -> str:
    known = number(text)
    return (f"{known:,}" if known is not None else _(text)) if text else _("未填报")


def in_unit(figure: Difference, text: str | None) -> str:
    known = SCHOOL_FIELD.get(figure.column) or item_of(figure.key)
    if known and known.unit and (found := number(text)) is not None:
        return f"{amount(text)}{HARD}{wording.unit_text(known.unit, found)}"
    return amount(text)


def decided(change: Change) -> Iterator[str]:
    """What the verdict would be with the earlier figure: only that one figure is exchanged."""
    for (code, stage), (then, now) in change.effect.items():
        if code != "A" and stage:
            continue
        cells = [each for each, own in change.effect if each != "A" and own == stage and stage]
        words = {
            "past": PASTS[change.past],
            "on": f"{wording.stage_name(stage) or code}{'' if stage else ' '}",
            "then": _verdict(then),
            "cells": listed(cells),
            "now": _verdict(now),
        }
        with_cells = _("按%(past)s的数：%(on)s%(then)s（%(cells)s）；按现在的数：%(now)s")
        yield (
            with_cells if cells else _("按%(past)s的数：%(on)s%(then)s；按现在的数：%(now)s")
        ) % words


def _verdict(verdict: str | None) -> str:
    return inside(str(wording.VERDICTS[verdict])) if verdict else _("不参加测算")


@dataclass(frozen=True, slots=True)
class Working:
    """A school, or the district, with the earlier figure beside the present one."""

    then: str
    now: str
    rows: tuple[tuple[str, Figure | None, Figure | None], ...]
    turned: tuple[VerdictChange, ...]


def working(basis: Basis, item: Item, page: Presented) -> Working | None:
    """By the ordinary engine with the one figure exchanged, else as last year came out."""
    then, titles = _outcome_then(basis, item)
    if then is None:
        return None
    rows = tuple(_pairs(then, basis.outcome, item, page)) if item.key.school else ()
    turned = tuple(compare_verdicts(then, basis.outcome)) if item.changes else ()
    return Working(*titles, rows, turned) if rows or turned else None


def _outcome_then(basis: Basis, item: Item) -> tuple[Outcome | None, tuple[str, str]]:
    if item.changes:
        change = item.changes[0]
        figure = change.figure
        titles = (
            _("按%(past)s %(figure)s")
            % {"past": PASTS[change.past], "figure": in_unit(figure, figure.before)},
            _("按现在 %s") % in_unit(figure, figure.after),
        )
        return judged_with(basis, figure), titles
    return basis.outcome_of(Kind.YEAR), (_("上年"), _("现在"))


def _pairs(
    then: Outcome, now: Outcome, item: Item, page: Presented
) -> Iterator[tuple[str, Figure | None, Figure | None]]:
    """The seven indicators of a school in each of its stages."""
    old = {unit.stage: unit.cells for unit in then.units if unit.school_code == item.key.school}
    for unit in now.units:
        if unit.school_code != item.key.school or not (unit.cells or old.get(unit.stage)):
            continue
        for code in CODES:
            sides = (old.get(unit.stage, {}).get(code), unit.cells.get(code))
            figures = [Figure(code, unit.stage, c, page.places) if c else None for c in sides]
            name = f"{wording.stage_name(unit.stage)} {code} {page.names.get(code, '')}"
            yield name, figures[0], figures[1]
