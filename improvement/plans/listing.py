"""All plans of a self-check: those of the present figures side by side, older ones below."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from audit.refusals import Conflict
from charts.bars import bar
from charts.svg import Markup
from districts.wording import listed
from improvement.models import Kind, Phase, Plan
from improvement.plans.words import bound, money, part
from improvement.services.ground import ground_of
from improvement.services.working import is_unattended
from selfchecks.models import SelfCheck


@dataclass(frozen=True)
class PlanLine:
    """One plan in a list; ``best`` is what the cheapest plan of the same figures costs."""

    plan: Plan
    whole: Decimal
    best: Decimal | None

    @property
    def is_done(self) -> bool:
        return self.plan.phase == Phase.DONE

    @property
    def name(self) -> str:
        """The kind; of a budget with its sum, of years with how many and the sum of each."""
        kind, budget = self.plan.get_kind_display(), self.plan.terms.get("budget")
        if not self.years:
            return f"{kind} {money(Decimal(budget))}" if budget else kind
        sums = dict.fromkeys(year.get("budget") for year in self.years)
        found = {"kind": kind, "count": len(self.years)}
        found["each"] = listed(money(Decimal(each)) for each in sums if each) or _("不限")
        return _("%(kind)s %(count)s 年，每年 %(each)s") % found

    @property
    def years(self) -> list[dict[str, Any]]:
        return list(self.plan.terms.get("years", ()))

    @property
    def words(self) -> str:
        """What is happening, or what came of it."""
        return str(self.plan.get_state_display() if self.is_done else Phase(self.plan.phase).label)

    @property
    def cost(self) -> str:
        return money(self.plan.cost) if self.plan.cost is not None else ""

    @property
    def bar(self) -> Markup:
        share = (self.plan.cost or 0) / self.whole if self.whole else Decimal()
        limit = self._bound / self.whole if self._bound and self.whole else None
        return bar(float(share), limit=None if limit is None else float(limit))

    @property
    def beside(self) -> str:
        """How much dearer than the cheapest; of a budget what it lets pass."""
        result = self.plan.result or {}
        if "units" in result:
            told = [_("%(met)s / %(of)s 个评估单元达标") % result["units"]]
            if (spreads := result.get("coefficients", {})).get("open"):
                told.append(_("%(met)s / %(of)s 项差异系数达标") % spreads)
            return listed(told)
        if self.plan.cost is None or not self.best or self.plan.kind == Kind.CHEAPEST:
            return ""
        if any(year.get("rates") for year in self.years):
            return _("按最后一年的学生数，不和最省的比")
        more = self.plan.cost - self.best
        found = {"money": money(abs(more)), "part": part(abs(more) / self.best)}
        if more < 0:
            return _("比最省的少 %(money)s（%(part)s）") % found
        return _("比最省的多 %(money)s（%(part)s）") % found if more else _("和最省的一样")

    @property
    def proof(self) -> str:
        if self._bound is None or self.plan.kind != Kind.CHEAPEST:
            return ""
        return _("任何方案都不低于 %s，已证明") % bound(self._bound)

    @property
    def _bound(self) -> Decimal | None:
        found = (self.plan.result or {}).get("certified_bound")
        return Decimal(found) if found else None


def asked_of(plan: Plan) -> list[tuple[str, str]]:
    """What makes the same again, as the form takes it; years are asked for anew."""
    given = plan.terms.get("budget")
    budget = [("budget", f"{(Decimal(given) / 10_000).normalize():f}")] if given else []
    return [] if "years" in plan.terms else [("kind", plan.kind), *budget]


class Progress:
    """How far the work on a plan has come, in words; ``is_unattended``: no worker seems to run."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.phase = plan, Phase(plan.phase)
        self.is_unattended = is_unattended(plan)

    @property
    def is_open(self) -> bool:
        return self.phase != Phase.DONE

    @property
    def may_restart(self) -> bool:
        return self.phase == Phase.STALE or self.is_unattended

    @property
    def words(self) -> str:
        return str(self.phase.label)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The best so far, what no plan can be cheaper than, what is left between the two."""
        told = self.plan.progress or {}
        rows = [
            (_("目前最好的方案"), told.get("cost"), money),
            (_("按求解器的说法，任何方案都不低于"), told.get("bound"), bound),
            (_("还可能省"), told.get("gap") if told.get("cost") else None, part),
        ]
        return [(name, say(Decimal(value))) for name, value, say in rows if value]

    @property
    def failure(self) -> str:
        return str((self.plan.progress or {}).get("failure", ""))


class PlanList:
    """``refusal`` says why no plan can be made now; then no plan is of the present figures."""

    def __init__(self, self_check: SelfCheck) -> None:
        rows = self_check.plans.select_related("made_by", "adopted_by", "scenario")
        self.plans = list(rows.order_by("-number"))
        self.refusal: Conflict | None = None
        try:
            self._digest = ground_of(self_check).digest
        except Conflict as refusal:
            self.refusal, self._digest = refusal, ""

    def is_current(self, plan: Plan) -> bool:
        """Whether figures, prices and conditions are still what it was made from."""
        return plan.digest == self._digest

    @cached_property
    def variants(self) -> list[PlanLine]:
        """The newest of each kind, budget and row of years, made from the present figures."""
        newest: dict[tuple[int, Decimal, str], Plan] = {}
        for plan in self.plans:
            if self.is_current(plan) and plan.scenario_id is None:
                years = json.dumps(plan.terms.get("years", ""), sort_keys=True)
                key = Kind.values.index(plan.kind), Decimal(plan.terms.get("budget", 0)), years
                newest.setdefault(key, plan)
        return self._lines([newest[key] for key in sorted(newest)])

    @property
    def others(self) -> list[PlanLine]:
        shown = {line.plan.pk for line in self.variants}
        return self._lines([plan for plan in self.plans if plan.pk not in shown])

    @property
    def adopted(self) -> Plan | None:
        """The one the district goes by: adopted last."""
        return self._adopted[0] if self._adopted else None

    @property
    def before_it(self) -> Plan | None:
        """The one it goes by once that is taken back."""
        return self._adopted[1] if self._adopted[1:] else None

    @cached_property
    def _adopted(self) -> list[Plan]:
        found = [plan for plan in self.plans if plan.adopted_at]
        return sorted(found, key=lambda plan: (plan.adopted_at, plan.number), reverse=True)

    def beside(self, plan: Plan) -> str:
        """Of the cheapest what it saves, of others how much dearer they are, on the same ground."""
        if plan.kind == Kind.CHEAPEST:
            told = listed(self._saved(plan))
        else:
            told = self._lines([plan])[0].beside if plan.kind != Kind.BUDGET else ""
        return _("同样的数据、单价和条件，%s。") % told if told else ""

    def _saved(self, cheapest: Plan) -> Iterator[str]:
        """Beside the newest of what people do by hand."""
        for kind in (Kind.EVERYONE, Kind.GREEDY):
            same = (kind, cheapest.digest)
            costs = [p.cost for p in self.plans if (p.kind, p.digest) == same and p.cost]
            if costs and costs[0] > (cheapest.cost or 0):
                less = money(costs[0] - (cheapest.cost or 0))
                yield _("比%(kind)s少 %(money)s") % {"kind": kind.label, "money": less}

    def _lines(self, plans: list[Plan]) -> list[PlanLine]:
        """Each beside the newest cheapest plan of its own figures and prices, not of others."""
        whole = max((plan.cost for plan in plans if plan.cost), default=Decimal())
        best: dict[str, Decimal] = {}
        for plan in self.plans:
            if plan.kind == Kind.CHEAPEST and plan.cost:
                best.setdefault(plan.digest, plan.cost)
        return [PlanLine(plan, whole, best.get(plan.digest)) for plan in plans]

    @property
    def outdated(self) -> Plan | None:
        """The one the district goes by, where it was made from other figures than the present."""
        found = self.adopted
        return found if found and not self.is_current(found) else None

    @property
    def sentence(self) -> str:
        """The finding: what the cheapest costs and what doing without it costs more."""
        costs = {line.plan.kind: line.plan.cost for line in self.variants if line.plan.cost}
        if Kind.CHEAPEST not in costs:
            return _("增配方案")
        best = costs[Kind.CHEAPEST]
        if costs.get(Kind.MOVES, best) < best:
            found = {"best": money(best), "moves": money(costs[Kind.MOVES])}
            return _("只增配最省 %(best)s，加上交流轮岗 %(moves)s") % found
        if Kind.EVERYONE in costs and costs[Kind.EVERYONE] > best:
            saved = costs[Kind.EVERYONE] - best
            found = {"best": money(best), "saved": money(saved)}
            return _("最省 %(best)s，比全部补到达标值少 %(saved)s") % found
        return _("最省 %s") % money(best)
