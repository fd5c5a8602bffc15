"""A plan by 交流轮岗: teachers change schools, nobody is hired; buildings are bought as ever."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from time import process_time
from typing import Any

import numpy as np

from improvement.planner.accepting import Progress, Tell, accepted, searched
from improvement.planner.asking import Asked, Gain
from improvement.planner.buying import Steps, reached
from improvement.planner.measures import MOVE, NO_CAP, Measure
from improvement.planner.moving import Moving, Post, posts_of
from improvement.planner.parting import Parts
from improvement.planner.problem import Problem
from improvement.planner.reasons import why_none
from improvement.planner.relaxation import Answer
from improvement.planner.search import GAP, WORTH, Search
from improvement.planner.spread import Spread, refine
from improvement.planner.terms import written
from improvement.planner.told import FEASIBLE, INFEASIBLE, PROVEN, Plan, Proof
from indicators.calculation.columns import Integers
from indicators.calculation.school_intake import School

MOVES = "moves"
_ROUNDS, _GAP = 4, 1e-3
_SHARE = 0.85  # of the time left: some people may have to be hired after all
_LEAST, _MOST = 0.2, 2.0  # seconds for one answer of the solver, and for what is bought after it
_DEARER = 2  # than hiring: beyond that nobody wants to know


@dataclass(frozen=True)
class Move:
    """``people`` of one kind from one school to another, within a stage."""

    start: str
    end: str
    stage: str
    kind: Measure
    people: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "from": self.start,
            "to": self.end,
            "stage": self.stage,
            "counts_in": list(self.kind.raises),
            "people": self.people,
            "cost": written(self.kind.price * self.people),
        }


def by_moving(asked: Asked, seconds: float, tell: Tell) -> Plan:
    """Tells ``moves``; additions are what is bought besides. Where the district has too few
    teachers in all, it also hires (``is_hiring``)."""
    ends = process_time() + seconds
    hired = searched(asked.problem, seconds / 8, tell)
    if hired.best is None:
        return Plan(MOVES, INFEASIBLE, why_none(asked.problem, None), asked.before)
    exchange = _exchanged(asked, _without_hiring(asked.problem), hired, ends, tell)
    if is_hiring := exchange.steps is None:
        exchange = _exchanged(asked, asked.problem, hired, ends, tell)
    problem, posts = exchange.model.problem, exchange.model.posts
    if exchange.steps is None:
        return Plan(MOVES, INFEASIBLE, why_none(problem, None), asked.before)
    moves = list(_matched(problem, posts, exchange.moves))
    status = PROVEN if exchange.is_proven else FEASIBLE
    gains = [*_gains(moves), *_trained(asked.reported, moves)]
    plan = accepted(asked, MOVES, exchange.steps, status, None, exchange.after, gains)
    locked = float(problem.price_of_locked)
    return replace(
        plan,
        cost=exchange.cost + problem.price_of_locked,
        proof=Proof(exchange.certified + locked, exchange.bound + locked),
        more={"moves": [move.as_dict() for move in moves], "is_hiring": is_hiring},
    )


def _exchanged(
    asked: Asked, problem: Problem, hired: Search, ends: float, tell: Tell
) -> "Exchange":
    terms = asked.terms
    price = next(measure.price for measure in terms.measures if measure.code == MOVE)
    caps = {code: int(row[MOVE]) for code, row in terms.caps.items() if MOVE in row}
    posts, most = posts_of(problem, price, caps), _DEARER * hired.cost
    exchange = Exchange(problem, posts, most, _SHARE * (ends - process_time()), tell)
    if problem is asked.problem:
        exchange.cost, exchange.steps = hired.cost, hired.best
    return exchange.run(reached(asked.problem, hired.best or {}))


def _without_hiring(problem: Problem) -> Problem:
    actions = tuple(a for a in problem.actions if "teachers" not in a.measure.fields)
    most = problem.have.copy()
    for action in actions:
        for stock in action.stocks:
            most[stock] = min(NO_CAP, most[stock] + action.most)
    return replace(problem, actions=actions, most=most)


def _matched(problem: Problem, posts: list[Post], moves: Integers) -> Iterator[Move]:
    """Who goes where: in the order of the schools, givers to takers."""
    pools: dict[tuple[str, Measure], tuple[list[list[Any]], list[list[Any]]]] = {}
    for post, count in zip(posts, moves.tolist(), strict=True):
        unit = problem.units[post.unit]
        sides = pools.setdefault((unit.stage, post.kind), ([], []))
        if count:
            sides[count > 0].append([unit.school["school_code"], abs(count)])
    for (stage, kind), (givers, takers) in pools.items():
        while givers and takers:
            people = min(givers[0][1], takers[0][1])
            yield Move(givers[0][0], takers[0][0], stage, kind, people)
            for side in (givers, takers):
                side[0][1] -= people
                if not side[0][1]:
                    side.pop(0)


def _gains(moves: list[Move]) -> Iterator[Gain]:
    for move in moves:
        yield move.start, move.stage, move.kind, -move.people
        yield move.end, move.stage, move.kind, move.people


def _trained(reported: tuple[School, ...], moves: list[Move]) -> Iterator[Gain]:
    """Where all or nearly all are trained, who leaves is: no school has more trained than staff."""
    trained = Measure(MOVE, (), Fraction(1), ("teachers_trained",))
    spare = {
        school["school_code"]: school["teachers"] - school["teachers_trained"]
        for school in reported
        if "teachers" in school and "teachers_trained" in school
    }
    for move in moves:
        along = max(0, move.people - spare.get(move.start, move.people))
        if move.start in spare:
            spare[move.start] += along - move.people
        if move.end in spare:
            spare[move.end] += move.people - along
        yield move.start, move.stage, trained, -along
        yield move.end, move.stage, trained, along


class Exchange:
    """Looks for moves and what is bought besides; ``cost`` in yuan, both together."""

    def __init__(
        self, problem: Problem, posts: list[Post], most: Fraction, seconds: float, tell: Tell
    ) -> None:
        self.tell, self.stopped, self.locked = tell, False, problem.price_of_locked
        self.model, self.most, self.ends = Moving(problem, posts), most, process_time() + seconds
        self.moves, self.after = np.zeros(len(posts), np.int64), problem
        self.cost, self.bound, self.certified = most, 0.0, 0.0
        self.steps: Steps | None = None

    def run(self, amounts: Integers) -> "Exchange":
        """``amounts`` of some plan, for scale. Ranges first, then whole people, while it pays."""
        spreads = [Spread(self.model, cone, amounts) for cone in self.model.problem.cones]
        while not self._is_over:
            answer = self._narrow(spreads)
            if answer is None or self._is_over:
                break
            if not self._try(Parts(self.model, spreads, answer, self.cost)):
                break
        return self

    def _narrow(self, spreads: list[Spread]) -> Answer | None:
        """None where the solver finds nothing; a bound is learnt from what it finds."""
        answer = None
        for _round in range(_ROUNDS):
            for spread in spreads:
                if self._left > 0:  # what is loose is never wrong
                    spread.narrow(self.cost)
            answer, before = refine(self.model, spreads), float(self.cost) - self.bound
            if answer is None:
                return None
            self.bound = max(self.bound, min(answer.cost, float(self.cost)))
            self.certified = max(self.certified, self.model.certified_bound(self.cost))
            if self._is_over or float(self.cost) - self.bound > (1 - WORTH) * before:
                break
        return answer

    @property
    def is_proven(self) -> bool:
        return float(self.cost) - self.bound <= GAP * float(self.cost)

    @property
    def _is_over(self) -> bool:
        return self._left < 0 or self.is_proven or not self._goes_on()

    def _goes_on(self) -> bool:
        cost = None if self.steps is None else self.cost + self.locked
        told = Progress(cost, self.bound + float(self.locked))
        self.stopped = self.stopped or bool(self.tell(told))
        return not self.stopped

    @property
    def _left(self) -> float:
        return self.ends - process_time()

    def _try(self, parts: Parts) -> bool:
        """Whole people out of the program, the cheapest part first. Whether a plan got better."""
        goes_on, is_better = True, False
        while goes_on and not is_better and not self._is_over:
            amounts, seconds = reached(self.after, self.steps or {}), max(_LEAST, self._left)
            answer, goes_on = parts.whole(amounts, _GAP, seconds, self._goes_on)
            if answer is not None:
                is_better = self._consider(self.model.moves_of(answer))
            if np.isfinite(parts.bound):
                self.bound = max(self.bound, min(parts.bound, float(self.cost)))
        return is_better

    def _consider(self, moves: Integers) -> bool:
        after = self.model.after(moves)
        seconds = min(_MOST, max(_LEAST, self._left))
        search = searched(after, seconds, lambda _progress: not self._goes_on())
        if search.best is None:
            return False
        prices = [post.kind.price for post in self.model.posts]
        paid = sum(
            (p * max(-n, 0) for p, n in zip(prices, moves.tolist(), strict=True)), Fraction()
        )
        better = search.cost + paid < self.cost or self.steps is None
        if better:
            self.cost, self.steps = search.cost + paid, search.best
            self.moves, self.after = moves, after
        return better
