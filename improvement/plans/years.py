"""A plan over some years: what is bought in which, and what passes after each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from improvement.models import Plan
from improvement.plans.schools import Addition, additions_of, money_lines
from improvement.plans.words import money, told


@dataclass(frozen=True, slots=True)
class YearLine:
    """One calendar year; ``budget`` None: not limited; ``told`` is its cost as it is shown."""

    year: int
    budget: Decimal | None
    told: Decimal
    units: Mapping[str, int]
    additions: tuple[Addition, ...]

    @property
    def cost(self) -> str:
        return money(self.told)

    @property
    def limit(self) -> str:
        return _("不限") if self.budget is None else money(self.budget)

    @property
    def measures(self) -> list[str]:
        """招聘学历教师 12 人, 建运动场地 3,680 ㎡."""
        return [f"{line.measure.name} {line.amount}" for line in money_lines(self.additions)]

    @property
    def schools(self) -> int:
        return len({each.school for each in self.additions})


def year_lines(plan: Plan, rows: Iterable[Mapping[str, Any]]) -> list[YearLine]:
    """The years that follow the one of the self-check."""
    first, own = plan.self_check.year, [*rows]
    shown = told([Decimal(row["cost"]) for row in own])
    return [
        YearLine(
            first + row["year"],
            None if row["budget"] is None else Decimal(row["budget"]),
            yuan,
            row["units"],
            additions_of(plan, row["additions"]),
        )
        for row, yuan in zip(own, shown, strict=True)
    ]
