"""What a plan does in each school: what is added, what it costs, how the school stands then."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from charts.bars import bar
from charts.svg import Markup
from districts.wording import listed
from improvement.models import Plan
from improvement.plans.words import Measure, measures_of, money, told
from indicators import wording
from indicators.schools import SchoolRow
from selfchecks.results import ResultPage


@dataclass(frozen=True, slots=True)
class Addition:
    """One measure in one school, in a stage where teachers are counted by stage."""

    school: str
    measure: Measure
    stage: str
    amount: Decimal
    cost: Decimal

    @property
    def words(self) -> str:
        """建运动场地 3,680 ㎡, 招聘学历教师 2 人（初中）."""
        found = {"measure": self.measure.name, "amount": self.measure.amount(self.amount)}
        if not self.stage:
            return _("%(measure)s %(amount)s") % found
        return _("%(measure)s %(amount)s（%(stage)s）") % {
            **found,
            "stage": wording.stage_name(self.stage),
        }

    @property
    def field(self) -> str:
        """The first figure it raises."""
        return self.measure.field_in(self.stage)

    @property
    def plain_amount(self) -> str:
        return f"{self.amount:f}"


def additions_of(plan: Plan, rows: Iterable[Mapping[str, str]]) -> tuple[Addition, ...]:
    """As the planner tells them."""
    measures = measures_of(plan)
    return tuple(
        Addition(
            row["school_code"],
            measures[row["measure"]],
            row["stage"],
            Decimal(row["amount"]),
            Decimal(row["cost"]),
        )
        for row in rows
    )


@dataclass(frozen=True)
class SchoolLine:
    """One school the plan adds to; ``whole`` is what the dearest school costs.

    ``left_out`` says why a school that has a condition is not counted: nothing can be said of it.
    ``told`` is its cost as it is shown, so that all schools add up.
    """

    name: str
    additions: tuple[Addition, ...]
    before: SchoolRow | None
    after: SchoolRow | None
    spared: dict[str, str]
    whole: Decimal
    left_out: str
    told: Decimal

    @property
    def code(self) -> str:
        return self.additions[0].school

    @property
    def is_reported(self) -> bool:
        """Whether it has a page: a scenario may add schools."""
        return self.before is not None or bool(self.left_out)

    @property
    def stages(self) -> str:
        return listed(row.stage for row in self.after.units) if self.after else ""

    @cached_property
    def yuan(self) -> Decimal:
        return sum((each.cost for each in self.additions), Decimal())

    @property
    def cost(self) -> str:
        return money(self.told)

    @property
    def bar(self) -> Markup:
        return bar(float(self.yuan / self.whole) if self.whole else 0.0)

    @property
    def is_for_the_spread(self) -> bool:
        """It passes already: what is added narrows the gap between schools."""
        rows = (self.before, self.after)
        return all(row is not None and row.verdict == "met" for row in rows)

    @property
    def left(self) -> list[str]:
        """A4 留在 3.84，不低于基本值 3.06."""
        return list(self._left())

    def _left(self) -> Iterator[str]:
        for row in self.after.units if self.after else ():
            code = self.spared.get(row.unit.stage)
            figure = next((each for each in row.figures if each.code == code), None)
            if figure:
                yield _("%(stage)s %(code)s 留在 %(value)s，不低于基本值 %(floor)s") % {
                    "stage": row.stage,
                    "code": code,
                    "value": figure.value,
                    "floor": figure.cell.floor,
                }


def school_lines(
    additions: Iterable[Addition],
    before: ResultPage,
    after: ResultPage,
    spared: Mapping[str, dict[str, str]],
    names: Mapping[str, str],
) -> list[SchoolLine]:
    """The dearest first; ``spared`` and ``names`` by the codes of schools."""
    found: dict[str, list[Addition]] = {}
    for each in additions:
        found.setdefault(each.school, []).append(each)
    costs = [sum((each.cost for each in own), Decimal()) for own in found.values()]
    whole = max(costs, default=Decimal())
    rows = [{row.code: row for row in page.schools(found)} for page in (before, after)]
    out = (row for table in after.stages for row in table.left_out)
    left_out = {row.unit.school_code: row.reason for row in out}
    lines = [
        SchoolLine(
            *(names.get(c, c), tuple(own), rows[0].get(c), rows[1].get(c), spared.get(c, {})),
            *(whole, left_out.get(c, ""), shown),
        )
        for (c, own), shown in zip(found.items(), told(costs), strict=True)
    ]
    return sorted(lines, key=lambda line: -line.yuan)


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """All of one measure: how much, in how many schools, what it costs beside the ``largest``.

    ``told`` is the cost as it is shown, so that all measures add up.
    """

    measure: Measure
    number: Decimal
    schools: int
    yuan: Decimal
    largest: Decimal
    told: Decimal

    @property
    def amount(self) -> str:
        return self.measure.amount(self.number)

    @property
    def cost(self) -> str:
        return money(self.told)

    @property
    def bar(self) -> Markup:
        return bar(float(self.yuan / self.largest) if self.largest else 0.0)


def money_lines(additions: tuple[Addition, ...]) -> list[MoneyLine]:
    """By measure, the dearest first."""
    found: dict[Measure, list[Addition]] = {}
    for each in additions:
        found.setdefault(each.measure, []).append(each)
    costs = {measure: sum((a.cost for a in own), Decimal()) for measure, own in found.items()}
    largest = max(costs.values(), default=Decimal())
    shown = dict(zip(costs, told([*costs.values()]), strict=True))
    return [
        MoneyLine(
            measure,
            sum((each.amount for each in found[measure]), Decimal()),
            len({each.school for each in found[measure]}),
            *(costs[measure], largest, shown[measure]),
        )
        for measure in sorted(costs, key=lambda measure: -costs[measure])
    ]
