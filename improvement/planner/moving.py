"""交流轮岗 as a linear program: whole people change schools within a stage, none is hired.

Whoever moves takes along all that she counts in. Only three kinds of teacher are told apart: with
the higher degree alone, with it and 骨干, with it and 体育艺术; a school gives no more of a kind
than it surely or at least possibly has.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from improvement.planner.measures import NO_CAP, Measure, measure_of
from improvement.planner.problem import Problem
from improvement.planner.relaxation import MONEY, Answer, Relaxation
from indicators.calculation.columns import Flags, Floats, Integers
from indicators.calculation.scheme import CODES

PROFILES = (("A1",), ("A1", "A2"), ("A1", "A3"))
_PEOPLE = slice(0, 3)


@dataclass(frozen=True)
class Post:
    """One kind of teacher in one unit: how many may leave, how many may come."""

    unit: int
    kind: Measure
    leave: int
    come: int


def posts_of(problem: Problem, price: Fraction, caps: Mapping[str, int]) -> list[Post]:
    """``caps``: school → how many of a kind may come, and leave, in a stage."""
    found = []
    have = problem.have[problem.stock_of]
    for at, unit in enumerate(problem.units):
        degree, backbone, arts = have[_PEOPLE, at].tolist()
        surely = max(0, degree - backbone - arts), min(backbone, degree), min(arts, degree)
        certified = unit.school.get("teachers_certified")
        cap = caps.get(unit.school["school_code"], NO_CAP)
        for raises, most in zip(PROFILES, surely, strict=True):
            leave = min(most, cap, NO_CAP if certified is None else int(certified))
            found.append(Post(at, measure_of("move", raises, price), leave, min(cap, 1 << 20)))
    return found


class Moving(Relaxation):
    """Two columns more for every post: who leaves, who comes."""

    def __init__(self, problem: Problem, posts: list[Post]) -> None:
        self.posts = posts
        self.moved: dict[int, list[tuple[int, float]]] = defaultdict(list)
        self.pool = np.zeros(len(problem.have))
        super().__init__(problem)
        moved = [(stock, *each) for stock, own in self.moved.items() for each in own]
        stocks, columns, self._signs = (np.array(each) for each in zip(*moved, strict=True))
        self._stocks, self._columns = stocks.astype(np.int64), columns.astype(np.int64)

    def _lacking(self) -> Flags:
        """Whoever gives may fall below the threshold, too."""
        lacking = super()._lacking()
        lacking[_PEOPLE] = True
        return lacking

    def _ask(self) -> None:
        size = len(self.posts)
        leave = np.array([float(post.leave) for post in self.posts])
        come = np.array([float(post.come) for post in self.posts])
        prices = np.array([float(post.kind.price) / MONEY for post in self.posts])
        self.first = self.add_columns(np.concatenate([prices, np.zeros(size)]),
                                      np.concatenate([leave, come]))  # fmt: skip
        stages: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
        for at, post in enumerate(self.posts):
            stages[self.problem.units[post.unit].stage, post.kind.raises].append(at)
        for own in stages.values():
            leaving = [(self.first + at, 1.0) for at in own]
            self.add_row(0.0, 0.0, [*leaving, *((self.first + size + at, -1.0) for at in own)])
            self._note(own)
        super()._ask()

    def _note(self, posts: list[int]) -> None:
        most = sum(self.posts[at].leave for at in posts)
        for at in posts:
            post = self.posts[at]
            for code in post.kind.raises:
                stock = int(self.problem.stock_of[CODES.index(code), post.unit])
                columns = (self.first + at, -1.0), (self.first + len(self.posts) + at, 1.0)
                self.moved[stock] += columns
                self.pool[stock] += most

    def lack(self, unit: int, row: int) -> tuple[list[tuple[int, float]], float, float]:
        gains, lacking, spared = super().lack(unit, row)
        if row in range(3):
            need = int(self.problem.need[row, unit])
            spared = (need - int(self.problem.floor[row, unit])) / need
        return gains, lacking, spared

    def largest(self, steps: Floats) -> Floats:
        return super().largest(steps) + self.pool

    def grown(self, stock: int, weight: float) -> list[tuple[int, float]]:
        moved = self.moved.get(stock, ())
        return [*super().grown(stock, weight), *((at, sign * weight) for at, sign in moved)]

    def counted(self) -> list[int]:
        return [*super().counted(), *range(self.first, self.first + 2 * len(self.posts))]

    def costs(self) -> Floats:
        cost = super().costs()
        prices = [float(post.kind.price) / MONEY for post in self.posts]
        cost[self.first : self.first + len(self.posts)] = prices
        return cost

    def limits(self, most: Fraction) -> Floats:
        limits, size = super().limits(most), len(self.posts)
        limits[self.first : self.first + size] = [float(post.leave) for post in self.posts]
        limits[self.first + size : self.first + 2 * size] = [float(p.come) for p in self.posts]
        return limits

    def amounts_of(self, answer: Answer) -> Floats:
        amounts = super().amounts_of(answer)
        np.add.at(amounts, self._stocks, self._signs * answer.columns[self._columns])
        return amounts

    def moves_of(self, answer: Answer) -> Integers:
        """By post how many come, less how many leave."""
        columns = np.rint(answer.columns[self.first : self.first + 2 * len(self.posts)])
        leave, come = columns.reshape(2, -1).astype(np.int64)
        return come - leave

    def after(self, moves: Integers) -> Problem:
        """The district once people have moved; what is left can be bought."""
        have = self.problem.have.copy()
        for post, count in zip(self.posts, moves.tolist(), strict=True):
            for code in post.kind.raises:
                have[self.problem.stock_of[CODES.index(code), post.unit]] += count
        growth = self.problem.most - self.problem.have
        return replace(self.problem, have=have, most=np.minimum(have + growth, NO_CAP))
