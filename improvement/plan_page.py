"""One plan of additions as its readers see it: the finding, the proof, the money, the reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charts.bars import bar
from charts.svg import Markup
from figures.shown import percent
from improvement.models import Plan
from improvement.plan_schools import Addition, MoneyLine, SchoolLine, money_lines
from improvement.plan_words import bound, measures_of, money, part
from indicators import wording
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES
from indicators.rows import SpreadRow
from selfchecks.remarks import with_parts
from selfchecks.results import Part, ResultPage, verdicts_in_words
from selfchecks.schools import EFFECTS
from selfchecks.services.differences import compare_verdicts

MOST_DRIVERS = 5


@dataclass(frozen=True, slots=True)
class Beside:
    """A row of the comparison: what it is, in yuan and in words, as a bar of the dearest."""

    name: str
    cost: str
    bar: Markup
    address: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Driver:
    """A school that widens a coefficient: its part of the spread, what more there would do."""

    code: str
    name: str
    share: str
    bar: Markup
    effect: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A coefficient before and after a plan, with the schools that widen it before."""

    before: SpreadRow
    after: SpreadRow
    stage: str
    drivers: tuple[Driver, ...]

    @property
    def sentence(self) -> str:
        sentence = _(
            "%(stage)s%(code)s %(name)s：差异系数 %(before)s → %(after)s，限值 %(limit)s；"
            "每所学校都到达标值时还超过限值，所以要多补。"
        )
        return sentence % {
            "stage": self.before.stage,
            "code": self.before.code,
            "name": self.before.name,
            "before": self.before.cv or "–",
            "after": self.after.cv or "–",
            "limit": self.after.found.limit,
        }


class PlanPage:
    """A plan that was found; ``before`` is what the self-check says now."""

    def __init__(self, plan: Plan, before: ResultPage) -> None:
        assert plan.result is not None
        self.plan, self.result, self.before = plan, plan.result, before
        after = Outcome.from_json(plan.result["outcome"])
        self.after = ResultPage(plan.self_check, None, after)

    @cached_property
    def additions(self) -> tuple[Addition, ...]:
        measures = measures_of(self.plan)
        return tuple(
            Addition(
                row["school_code"],
                measures[row["measure"]],
                row["stage"],
                Decimal(row["amount"]),
                Decimal(row["cost"]),
            )
            for row in self.result["additions"]
        )

    @property
    def cost(self) -> str:
        return money(self.yuan)

    @property
    def yuan(self) -> Decimal:
        return Decimal(self.result["cost"])

    @property
    def number(self) -> str:
        """The headline's figure without its unit."""
        return self.cost.split("\N{NO-BREAK SPACE}")[0]

    @property
    def sentence(self) -> str:
        """What the plan leads to."""
        found = self.after.outcome.part_a
        counts = {
            "units": sum(found.units.values()),
            "met": found.units["met"],
            "spreads": sum(found.dispersion.values()),
            "within": found.dispersion["met"],
        }
        if counts["units"] == counts["met"] and counts["spreads"] == counts["within"]:
            return _("补这些，%(units)s 个评估单元和 %(spreads)s 项差异系数全部达标") % counts
        return (
            _(
                "补这些，%(units)s 个评估单元中 %(met)s 个达标，"
                "%(spreads)s 项差异系数中 %(within)s 项达标"
            )
            % counts
        )

    @property
    def lead(self) -> str:
        schools = len(self.schools)
        return ngettext(
            "动 %(schools)s 所学校、%(kinds)s 类措施。",
            "动 %(schools)s 所学校、%(kinds)s 类措施。",
            schools,
        ) % {"schools": schools, "kinds": len(self.measures)}

    @property
    def largest(self) -> str:
        if not self.yuan:
            return ""
        first = self.measures[0]
        found = {"measure": first.measure.name, "part": percent(str(first.yuan / self.yuan), 0)}
        return _("最大的一块是%(measure)s，占 %(part)s。") % found

    @cached_property
    def measures(self) -> list[MoneyLine]:
        return money_lines(self.additions)

    @cached_property
    def schools(self) -> list[SchoolLine]:
        """Those the plan adds to, the dearest first."""
        found: dict[str, list[Addition]] = {}
        for each in self.additions:
            found.setdefault(each.school, []).append(each)
        whole = max((_cost(own) for own in found.values()), default=Decimal())
        before = {row.code: row for row in self.before.schools(found)}
        after = {row.code: row for row in self.after.schools(found)}
        spared = self.result.get("spared", {})
        lines = [
            SchoolLine(tuple(own), before.get(c), after.get(c), spared.get(c, {}), whole)
            for c, own in found.items()
        ]
        return sorted(lines, key=lambda line: -line.yuan)

    # How sure it is

    @property
    def certified(self) -> str:
        return bound(Decimal(self.result["certified_bound"])) if self._is_bounded else ""

    @property
    def solver(self) -> str:
        return bound(Decimal(self.result["solver_bound"])) if self._is_bounded else ""

    @property
    def _is_bounded(self) -> bool:
        return bool(self.result.get("certified_bound"))

    @property
    def left_over(self) -> str:
        """By what part any plan could still be cheaper, as proven."""
        if not self._is_bounded or not self.yuan:
            return ""
        return part(max(Decimal(), 1 - Decimal(self.result["certified_bound"]) / self.yuan))

    # What happens to the verdict

    @property
    def parts(self) -> list[tuple[Part, Part]]:
        return list(zip(self.before.parts, self.after.parts, strict=True))

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Verdicts that the plan changes: on what, before, after."""
        found = compare_verdicts(self.before.outcome, self.after.outcome)
        return verdicts_in_words(found, with_parts(self.after.names))

    @property
    def worse(self) -> list[tuple[str, str, str]]:
        """Indicators outside part A that get worse."""
        return [
            (
                f"{code} {self.after.names.get(code, '')}".strip(),
                *(str(wording.VERDICTS[v]) for v in pair),
            )
            for code, pair in self.result.get("worse", {}).items()
        ]

    @property
    def untouched(self) -> list[tuple[str, str, str]]:
        """What is still open after the plan: code, name, and in what state."""
        return [
            (row.code, row.name, row.words) for row in self.after.judged if row.verdict != "met"
        ]

    # Why this and not less

    @cached_property
    def binding(self) -> list[Moved]:
        """The coefficients that ask for more than the thresholds do."""
        rows = self.result["reason"].get("binding", [])
        return [self._moved(row["indicator"], row["stage"]) for row in rows]

    def _moved(self, code: str, stage: str) -> Moved:
        return Moved(
            self._spread(self.before, code, stage),
            self._spread(self.after, code, stage),
            stage,
            tuple(self._drivers(code, stage)),
        )

    @staticmethod
    def _spread(page: ResultPage, code: str, stage: str) -> SpreadRow:
        name = wording.stage_name(stage)
        return next(row for row in page.spreads if (row.code, row.stage) == (code, name))

    def _drivers(self, code: str, stage: str) -> Iterator[Driver]:
        cells = [
            (Decimal(unit.cells[code].share or 0), unit, unit.cells[code].adding)
            for unit in self.before.outcome.units
            if unit.stage == stage and unit.counted
        ]
        first = sorted(cells, key=lambda row: -row[0])[:MOST_DRIVERS]
        for share, unit, adding in first:
            words = percent(str(share), 1), bar(float(share / (first[0][0] or 1)))
            effect = str(EFFECTS.get(adding or "", ""))
            yield Driver(unit.school_code, unit.school_name, *words, effect)

    # Pictures

    @cached_property
    def raised(self) -> list[tuple[str, str]]:
        """Indicator and stage of every strip that the plan changes, what binds first."""
        binding = [(each.before.code, each.stage) for each in self.binding]
        found = [
            (code, table.stage)
            for table in self.after.stages
            for code in CODES
            if self._values(self.before, code, table.stage)
            != self._values(self.after, code, table.stage)
        ]
        return [*binding, *(each for each in found if each not in binding)]

    @staticmethod
    def _values(page: ResultPage, code: str, stage: str) -> list[float]:
        own = (u for u in page.outcome.units if u.stage == stage and u.counted)
        return [float(unit.indicators[code]["value"] or 0) for unit in own]

    def strips(self, code: str, stage: str) -> "Strips | None":
        """Before and after on one scale; None when a stage has no counted unit."""
        reach = max(
            (*self._values(self.before, code, stage), *self._values(self.after, code, stage)),
            default=0.0,
        )
        before = self.before.strip(code, stage, "before", reach)
        after = self.after.strip(code, stage, "after", reach)
        if not before or not after:
            return None
        rows = [self._spread(page, code, stage) for page in (self.before, self.after)]
        short = [_short(page, code, stage) for page in (self.before, self.after)]
        return Strips(before[0], (before[1], after[1]), (rows[0], rows[1]), (short[0], short[1]))


@dataclass(frozen=True, slots=True)
class Strips:
    """One indicator of one stage before and after: drawings, coefficients, how many are short."""

    title: str
    drawings: tuple[Markup, Markup]
    spreads: tuple[SpreadRow, SpreadRow]
    short: tuple[int, int]

    @property
    def sentence(self) -> str:
        return _(
            "%(title)s：低于达标值的 %(before)s 个变为 %(after)s 个，差异系数 %(was)s → %(now)s"
        ) % {
            "title": self.title,
            "before": self.short[0],
            "after": self.short[1],
            "was": self.spreads[0].cv or "–",
            "now": self.spreads[1].cv or "–",
        }


def _short(page: ResultPage, code: str, stage: str) -> int:
    own = (unit for unit in page.outcome.units if unit.stage == stage and unit.counted)
    return sum(unit.indicators[code]["verdict"] in ("floor", "below") for unit in own)


def _cost(additions: list[Addition]) -> Decimal:
    return sum((each.cost for each in additions), Decimal())
