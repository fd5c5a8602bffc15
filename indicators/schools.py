"""One school of an outcome: its stages together, what it lacks, how it bears on a coefficient."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain

from django.utils.translation import gettext as _

from districts.wording import listed
from figures.table import SCHOOL_FIELD
from indicators import wording
from indicators.calculation.judged import worst
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import RATIOS, Verdict
from indicators.rows import Figure, InWords, UnitRow

_SHARED = frozenset(ratio.field for ratio in RATIOS if ratio.split)


@dataclass(frozen=True)
class Gap:
    """How much more of one raw figure lifts each of the ``stages`` that lack to the threshold."""

    code: str
    field: str
    amount: Decimal
    stages: tuple[str, ...]
    is_shared: bool

    @property
    def words(self) -> str:
        return wording.amount(self.amount, SCHOOL_FIELD[self.field].unit)

    @property
    def sentence(self) -> str:
        """Said of the whole school where its stages share what is lacking."""
        template = (
            _("%(label)s全校差 %(amount)s") if self.is_shared else _("%(label)s差 %(amount)s")
        )
        return template % {"label": wording.label_of(self.field), "amount": self.words}


@dataclass(frozen=True)
class SchoolRow(InWords):
    """A school with its counted units, 小学 first."""

    units: tuple[UnitRow, ...]

    @property
    def code(self) -> str:
        return self.units[0].unit.school_code

    @property
    def name(self) -> str:
        return self.units[0].unit.school_name

    @property
    def verdict(self) -> Verdict:
        return worst(row.verdict or "unknown" for row in self.units)

    @cached_property
    def gaps(self) -> list[Gap]:
        return gaps_of(self.units)

    @property
    def lacks(self) -> str:
        return listed(gap.sentence for gap in self.gaps)


def gaps_of(rows: Iterable[UnitRow]) -> list[Gap]:
    """What one school lacks. Buildings and equipment its stages share are counted once: what lifts
    the stage that lacks most lifts the others, so their shortfalls are never added."""
    units = tuple(rows)
    short: dict[str, list[Figure]] = {}
    for figure in chain.from_iterable(row.figures for row in units):
        if figure.shortfall:
            short.setdefault(figure.field, []).append(figure)
    return [
        Gap(
            figures[0].code,
            field,
            max(Decimal(figure.cell.shortfall or 0) for figure in figures),
            tuple(figure.stage for figure in figures),
            field in _SHARED and len(units) > 1,
        )
        for field, figures in short.items()
    ]


def parts_of(
    school_type: str, pupils: Mapping[str, int | None], rules: Rules
) -> dict[str, Fraction]:
    """Stage → its part of the buildings and equipment a school shares; empty where nothing is
    shared or a count is missing."""
    weighted = {
        stage: weight * pupils[stage]  # type: ignore[operator]
        for stage, weight in rules.whole_weights(school_type).items()
        if pupils.get(stage) is not None
    }
    whole = sum(weighted.values())
    if len(weighted) < len(rules.whole_weights(school_type)) or not whole:
        return {}
    return {stage: Fraction(part, whole) for stage, part in weighted.items()}


def coefficient(values: Sequence[Decimal], weights: Sequence[int]) -> Decimal | None:
    """S / mean over units of so many pupils, from values as they are stored; it only shows."""
    whole = sum(weights)
    mean = sum((x * n for x, n in zip(values, weights, strict=True)), Decimal()) / whole
    parts = ((x - mean) ** 2 * n for x, n in zip(values, weights, strict=True))
    return (sum(parts, Decimal()) / whole).sqrt() / mean if mean else None


def coefficient_when_met(rows: Sequence[UnitRow], school: str, at: int, rules: Rules) -> str:
    """What the coefficient of the indicator would be with one school at its threshold; empty while
    a value is missing."""
    cells = [row.figures[at].cell for row in rows]
    if any(cell.value is None for cell in cells):
        return ""
    by_pupils = rules.weighting == "pupils"
    weights = [int(row.unit.pupils or 0) if by_pupils else 1 for row in rows]
    values = [
        Decimal(cell.threshold if row.unit.school_code == school else cell.value or 0)
        for row, cell in zip(rows, cells, strict=True)
    ]
    found = coefficient(values, weights)
    return "" if found is None else str(found)
