"""From schools, rules and terms to the problem: what can grow where, and what is locked already."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from improvement.planner.measures import NO_CAP, Terms
from improvement.planner.problem import Action, Cone, Problem
from indicators.calculation.columns import Floats, Integers
from indicators.calculation.resources import judge_ratios
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, COMPULSORY_STAGES, RATIOS, STAGES
from indicators.calculation.school_intake import School
from indicators.calculation.units import Unit, as_columns, list_units

Stocks = dict[tuple[int, str, str], int]
"""School, indicator and stage (none where stages share) → number of the stock."""


def pose(schools: Sequence[School], rules: Rules, terms: Terms) -> Problem:
    """The problem of schools that every figure of part A is known of."""
    units = [unit for unit in list_units(schools, rules) if unit.counted]
    columns = as_columns(units)
    # Of a unit that had nothing the shortfall is all it needs.
    nothing = replace(columns, amounts=np.zeros_like(columns.amounts))
    asked = judge_ratios(nothing, nothing.values(), rules)
    need, floor = asked.shortfall, asked.shortfall_to_floor
    stocks, stock_of = _stocks(schools, units)
    have, lack = np.zeros(len(stocks), np.int64), np.zeros(len(stocks))
    have[stock_of.ravel()] = columns.amounts.ravel()
    lacking = np.maximum(need - columns.amounts, 0) / np.maximum(need, 1)
    np.maximum.at(lack, stock_of.ravel(), lacking.ravel())
    offers = tuple(_offers(schools, stocks, terms))
    locked = dict(_locked(offers, schools, terms, lack))
    for at, count in locked.items():
        have[list(offers[at].stocks)] += count
    left = [replace(each, most=each.most - locked.get(at, 0)) for at, each in enumerate(offers)]
    actions = tuple(action for action in left if action.stocks and action.most > 0)
    most = have.copy()
    for action in actions:
        for stock in action.stocks:
            most[stock] = min(NO_CAP, most[stock] + action.most)
    return Problem(
        *(tuple(schools), tuple(units), stock_of, have, need, floor, most, actions),
        cones=tuple(_cones(columns.stage, units, stock_of, rules)),
        spare=len(CODES) - rules.required_met,
        locked=tuple(replace(offers[at], most=count) for at, count in locked.items()),
    )


def _stocks(schools: Sequence[School], units: Sequence[Unit]) -> tuple[Stocks, Integers]:
    positions = {school["school_code"]: at for at, school in enumerate(schools)}
    stocks: Stocks = {}
    stock_of = np.empty((len(RATIOS), len(units)), np.int64)
    for row, ratio in enumerate(RATIOS):
        for at, unit in enumerate(units):
            stage = "" if ratio.split else unit.stage
            key = positions[unit.school["school_code"]], ratio.code, stage
            stock_of[row, at] = stocks.setdefault(key, len(stocks))
    return stocks, stock_of


def _offers(schools: Sequence[School], stocks: Stocks, terms: Terms) -> Iterator[Action]:
    """Every measure in every school and stage, also where it raises nothing that counts."""
    for at, school in enumerate(schools):
        for measure in terms.measures:
            stages = COMPULSORY_STAGES[school["school_type"]] if measure.by_stage else ("",)
            for stage in stages:
                keys = [
                    (at, code, "" if RATIOS[CODES.index(code)].split else stage)
                    for code in measure.raises
                ]
                raised = tuple(stocks[key] for key in keys if key in stocks)
                most = min(NO_CAP, terms.most(measure, school))
                yield Action(at, stage, measure, measure.price_of_step, most, raised)


def _locked(
    offers: Sequence[Action], schools: Sequence[School], terms: Terms, lack: Floats
) -> Iterator[tuple[int, int]]:
    """Which offers are taken in any case, and how often; of two stages where more is lacking."""
    places: dict[tuple[int, str], list[int]] = {}
    for at, offer in enumerate(offers):
        if terms.least(offer.measure, schools[offer.school]):
            places.setdefault((offer.school, offer.measure.code), []).append(at)
    for own in places.values():
        first = max(own, key=lambda at: max((lack[s] for s in offers[at].stocks), default=-1.0))
        yield first, terms.least(offers[first].measure, schools[offers[first].school])


def _cones(
    stages: Integers, units: Sequence[Unit], stock_of: Integers, rules: Rules
) -> Iterator[Cone]:
    pupils = np.array([unit.pupils for unit in units], np.int64)
    weighted = np.array([unit.weighted_pupils or 1 for unit in units], np.int64)
    weights = np.array([unit.weight for unit in units], np.int64)
    for position, stage in enumerate(STAGES):
        own = np.flatnonzero(stages == position)
        if not len(own):
            continue
        limit = Fraction(rules.dispersion_limits[stage])
        for row, ratio in enumerate(RATIOS):
            alone = np.ones(len(own), np.int64)
            yield Cone(
                ratio.code,
                stage,
                own,
                stock_of[row, own],
                pupils[own],
                weighted[own] if ratio.split else pupils[own],
                weights[own] if ratio.split else alone,
                1 + limit * limit,
            )
