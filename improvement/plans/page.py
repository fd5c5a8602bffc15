"""One plan of additions as its readers see it: the finding, the proof, the money, the reasons."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from figures.shown import percent
from improvement.models import Plan
from improvement.plans.change import Change, Strips
from improvement.plans.moves import MoveLine, gained, move_lines
from improvement.plans.reasons import Asking, asking_of
from improvement.plans.schools import (
    Addition,
    MoneyLine,
    SchoolLine,
    additions_of,
    money_lines,
    school_lines,
)
from improvement.plans.words import bound, money, part
from improvement.plans.years import YearLine, year_lines
from indicators import wording
from indicators.calculation.outcome import Outcome
from selfchecks.remarks import with_parts
from selfchecks.results import Part, ResultPage, verdicts_in_words
from selfchecks.services.differences import compare_verdicts

SMALL = Decimal("0.01")
AT_ONCE = 12  # schools, and moves, that stand open; the others fold away


class PlanPage:
    """A plan that was found; ``before`` is what the self-check says now."""

    def __init__(self, plan: Plan, before: ResultPage) -> None:
        assert plan.result is not None
        self.plan, self.result, self.before = plan, plan.result, before
        after = Outcome.from_json(plan.result["outcome"])
        self.after = ResultPage(plan.self_check, None, after)

    @cached_property
    def additions(self) -> tuple[Addition, ...]:
        bought = additions_of(self.plan, self.result["additions"])
        return (*bought, *gained(self.plan, self.moves)) if self.moves else bought

    @cached_property
    def moves(self) -> list[MoveLine]:
        return move_lines(self.result.get("moves", ()), self.names)

    @cached_property
    def names(self) -> dict[str, str]:
        """Of all schools, those that are not counted included."""
        return {unit.school_code: unit.school_name for unit in self.after.outcome.units}

    @property
    def first_moves(self) -> list[MoveLine]:
        return self.moves[:AT_ONCE]

    @property
    def more_moves(self) -> list[MoveLine]:
        return self.moves[AT_ONCE:]

    @property
    def people(self) -> int:
        return sum(line.people for line in self.moves)

    @property
    def is_hiring(self) -> bool:
        """Whether people are hired besides those who move."""
        return bool(self.result.get("is_hiring"))

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
    def unit(self) -> str:
        return self.cost.split("\N{NO-BREAK SPACE}")[1]

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
        if not self.additions:
            return _("按现在的数据不用增配：资源配置已经全部达标")
        if counts["units"] == counts["met"] and counts["spreads"] == counts["within"]:
            return _("补这些，%(units)s 个评估单元和 %(spreads)s 项差异系数全部达标") % counts
        return (
            _(
                "补这些，%(units)s 个评估单元中 %(met)s 个达标，"
                "%(spreads)s 项差异系数中 %(within)s 项达标"
            )
            % counts
        )

    @cached_property
    def years(self) -> list[YearLine]:
        """What is bought in which year, by measure."""
        return year_lines(self.plan, self.result.get("years", ()))

    @property
    def failing(self) -> list[tuple[str, str, str]]:
        """Units a budget leaves failing: code, name, stage."""
        rows = [(row["school_code"], row["stage"]) for row in self.result.get("failing", ())]
        return [(c, self.names.get(c, c), wording.stage_name(stage)) for c, stage in rows]

    @property
    def at_most(self) -> str:
        """What the budget leaves, and what it could do at best, as proven."""
        if not (units := self.result.get("units")):
            return ""
        budget = Decimal(self.plan.terms["budget"])
        sentence = _(
            "预算 %(budget)s，剩 %(left)s。"
            "这么多钱，任何方案都不能让超过 %(at_most)s 个评估单元达标，已证明。"
        )
        return sentence % {**units, "budget": money(budget), "left": money(budget - self.yuan)}

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
        if len(self.measures) == 1:
            return _("全部是%s。") % first.measure.name
        found = {"measure": first.measure.name, "part": percent(str(first.yuan / self.yuan), 0)}
        return _("最大的一块是%(measure)s，占 %(part)s。") % found

    @cached_property
    def measures(self) -> list[MoneyLine]:
        return money_lines(self.additions)

    @property
    def is_rounded(self) -> bool:
        """Whether a line is told otherwise than it is, to a hundred yuan."""
        lines: list[MoneyLine | SchoolLine] = [*self.measures, *self.schools]
        return any(line.told != line.yuan for line in lines)

    @cached_property
    def schools(self) -> list[SchoolLine]:
        """Those the plan adds to, the dearest first."""
        return school_lines(
            self.additions, self.before, self.after, self.result.get("spared", {}), self.names
        )

    @property
    def first_schools(self) -> list[SchoolLine]:
        return self.schools[:AT_ONCE]

    @property
    def more_schools(self) -> list[SchoolLine]:
        return self.schools[AT_ONCE:]

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
    def proof(self) -> str:
        """By what part any plan could still be cheaper, as proven."""
        saved = self.yuan - Decimal(self.result.get("certified_bound") or 0)
        if saved <= 0:
            return _("没有更省的方案")
        left = saved / self.yuan
        return (_("至多还能省 %s") if left > SMALL else _("任何方案都省不到 %s")) % part(left)

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
        words = {verdict: str(told) for verdict, told in wording.VERDICTS.items()}
        return [
            (f"{code} {self.after.names.get(code, '')}".strip(), words[old], words[new])
            for code, (old, new) in self.result.get("worse", {}).items()
        ]

    @property
    def after_words(self) -> str:
        return str(wording.VERDICTS[self.after.verdict])

    @property
    def untouched(self) -> list[tuple[str, str, str, str]]:
        """What is still open after the plan: code, name, words and verdict."""
        return [
            (row.code, row.name, row.words, row.verdict)
            for row in self.after.judged
            if row.verdict != "met"
        ]

    # Why this and not less

    @property
    def _binding(self) -> list[tuple[str, str]]:
        return [(row["indicator"], row["stage"]) for row in self._asking]

    @property
    def _asking(self) -> list[dict[str, Any]]:
        """The coefficients that ask for more than the thresholds do, as the planner tells them."""
        found: list[dict[str, Any]] = self.result["reason"].get("binding", [])
        return found

    @cached_property
    def binding(self) -> list[Asking]:
        return [asking_of(row, self.after) for row in self._asking]

    # Pictures

    @cached_property
    def all_strips(self) -> list[Strips]:
        """Of everything the plan changes: what binds first, then what moves most."""
        change, binding = Change(self.before, self.after), dict.fromkeys(self._binding)
        others = (pair for pair in change.raised() if pair not in binding)
        return [
            strips
            for pairs in (binding, others)
            for strips in sorted(change.strips(pairs), key=lambda each: each.change, reverse=True)
        ]

    @property
    def first_strips(self) -> list[Strips]:
        """The others have a page of their own."""
        return self.all_strips[:1]
