"""交流轮岗 of a plan: who goes from which school to which, and what that costs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from improvement.models import Plan
from improvement.planner.measures import MOVE
from improvement.plans.schools import Addition
from improvement.plans.words import measures_of, money
from indicators import wording


@dataclass(frozen=True, slots=True)
class MoveLine:
    """Some people from one school to another within a stage; ``counts_in`` are indicators."""

    start: str
    start_name: str
    end: str
    end_name: str
    stage: str
    counts_in: tuple[str, ...]
    people: int
    yuan: Decimal

    @property
    def cost(self) -> str:
        return money(self.yuan)

    @property
    def stage_name(self) -> str:
        return wording.stage_name(self.stage)


def move_lines(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[MoveLine]:
    """As the planner tells them; ``names`` are schools by code."""
    return [
        MoveLine(
            row["from"],
            names.get(row["from"], row["from"]),
            row["to"],
            names.get(row["to"], row["to"]),
            row["stage"],
            tuple(row["counts_in"]),
            row["people"],
            Decimal(row["cost"]),
        )
        for row in rows
    ]


def gained(plan: Plan, lines: Iterable[MoveLine]) -> Iterator[Addition]:
    """What the schools that people come to gain, each stage once."""
    kind = measures_of(plan)[MOVE]
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for line in lines:
        people, yuan = sums.get((line.end, line.stage), (0, Decimal()))
        sums[line.end, line.stage] = people + line.people, yuan + line.yuan
    for (school, stage), (people, yuan) in sums.items():
        yield Addition(school, kind, stage, Decimal(people), yuan)
