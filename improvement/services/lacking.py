"""What self-checks lack: from the present or newest stored result, at the district's prices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from districts.scope import Viewer
from improvement.models import UnitPrice
from improvement.services import prices
from improvement.shortfall.forecast import Growth, Pupils, with_pupils
from improvement.shortfall.lacking import Shortfalls, find_shortfalls
from improvement.shortfall.money import KIND_OF, Prices
from indicators.calculation.evaluate import evaluate
from indicators.calculation.outcome import Outcome
from indicators.services.rules import rules_of
from indicators.wording import stage_name
from selfchecks import clock
from selfchecks.models import Evaluation, SelfCheck
from selfchecks.services import evaluations
from selfchecks.services.board import Line, board
from selfchecks.services.checking import uncollected

Offers = Mapping[str, UnitPrice]  # kind that lifts an indicator → the row whose price counts


@dataclass(frozen=True, slots=True)
class Lacking:
    """``evaluation`` is the submission it rests on; None for a try-out and for a forecast, which
    is what a ``growth`` of pupils, or pupils ``expected`` of schools, make of it.
    """

    self_check: SelfCheck
    evaluation: Evaluation | None
    outcome: Outcome
    offers: Offers
    shortfalls: Shortfalls
    growth: Growth = field(default_factory=dict)
    expected: Pupils = field(default_factory=dict)

    @property
    def is_forecast(self) -> bool:
        return bool(self.growth or self.expected)

    @property
    def prices(self) -> Prices:
        return prices_of(self.offers)


@dataclass(frozen=True, slots=True)
class CityLine:
    """One unit of the board; without a submitted result nothing is said of it."""

    line: Line
    lacking: Lacking | None


def lacking_of(
    self_check: SelfCheck, growth: Growth | None = None, expected: Pupils | None = None
) -> Lacking | None:
    """None while there are no figures; with ``growth`` at the pupils of a coming year, where
    schools have what is ``expected`` of them.

    Raises Conflict when the figures cannot be evaluated, Unusable for a school or stage that is not
    there.
    """
    evaluation, outcome = evaluations.outcome_of(self_check)
    if outcome is None:
        return None
    if growth or expected:
        reported = evaluations.present_inputs(self_check) or {"schools": []}
        Unusable.check({"pupils": next(_not_there(reported, expected or {}), None)})
        inputs = with_pupils(reported, growth or {}, expected)
        evaluation, outcome = None, evaluate(inputs, rules_of(self_check.standard), is_stored=True)
    offers = offers_in(prices.in_force(self_check.district, clock.today()).values())
    found = _found(self_check, evaluation, outcome, offers)
    return replace(found, growth=growth or {}, expected=expected or {})


def _not_there(reported: Mapping[str, Any], expected: Pupils) -> Iterator[Any]:
    """A sentence for each school, or stage without pupils, that something is expected of."""
    rows = {row["school_code"]: row for row in reported["schools"]}
    for code, told in expected.items():
        if code not in rows:
            yield _("填报的数据里没有学校标识码为 %s 的学校。") % code
        for stage in told if code in rows else ():
            if not rows[code].get(f"pupils_{stage}"):
                name = rows[code].get("school_name") or code
                yield _("%(school)s没有%(stage)s在校生，不能预测。") % {
                    "school": name,
                    "stage": stage_name(stage),
                }


def _found(
    self_check: SelfCheck, evaluation: Evaluation | None, outcome: Outcome, offers: Offers
) -> Lacking:
    rules = rules_of(evaluation.standard if evaluation else self_check.standard)
    found = find_shortfalls(outcome, rules, prices_of(offers))
    return Lacking(self_check, evaluation, outcome, offers, found)


def offers_in(rows: Iterable[UnitPrice]) -> Offers:
    """The kind meant for an indicator; where it has no price, the cheapest other one raising it."""
    priced = sorted((row for row in rows if row.price), key=lambda row: row.price or 0)
    own = {row.kind: row for row in priced}
    others = {code: row for row in reversed(priced) for code in row.raises}
    found = {kind: own.get(kind, others.get(code)) for code, kind in KIND_OF.items()}
    return {kind: row for kind, row in found.items() if row}


def prices_of(offers: Offers) -> Prices:
    return {kind: row.price for kind, row in offers.items() if row.price}


@uncollected()
def city(year: int, viewer: Viewer) -> list[CityLine]:
    """Every unit on the year's board with what its newest submission lacks."""
    lines = board(year, viewer).lines
    rows = {line.self_check.pk: line.self_check for line in lines if line.self_check}
    offers = _offers_by_district(clock.today(), viewer)
    found = {
        evaluation.self_check_id: _found(row, evaluation, outcome, offers.get(row.district_id, {}))
        for evaluation, outcome in _newest(rows)
        if (row := rows[evaluation.self_check_id])
    }
    return [
        CityLine(line, found.get(line.self_check.pk) if line.self_check else None) for line in lines
    ]


def _newest(self_checks: Iterable[int]) -> Iterator[tuple[Evaluation, Outcome]]:
    """The last submission of each; read as text, which takes a third of the time Django needs."""
    newest = Evaluation.objects.filter(self_check=OuterRef("self_check")).order_by("-number")
    rows = Evaluation.objects.filter(
        self_check__in=self_checks, pk=Subquery(newest.values("pk")[:1])
    )
    rows = rows.select_related("standard").defer("inputs", "rules", "outcome")
    for row in rows.annotate(told=Cast("outcome", TextField())):
        yield row, Outcome.from_json(orjson.loads(row.told))


def _offers_by_district(day: date, viewer: Viewer) -> dict[int, Offers]:
    """Of all districts in one query."""
    found: dict[int, dict[str, UnitPrice]] = {}
    rows = UnitPrice.objects.visible_to(viewer).filter(valid_from__lte=day)
    for row in rows.order_by("-valid_from", "-pk"):
        found.setdefault(row.district_id, {}).setdefault(row.kind, row)
    return {district: offers_in(own.values()) for district, own in found.items()}
