"""The figures of the form from what a self-check holds: payload, outcome, answers; no database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import lt
from typing import Any, NamedTuple

from figures.shown import RATE, shown
from figures.table import NOT_APPLICABLE
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import COMPULSORY_STAGES
from papers.application.items import ITEMS

NONE = "—"
POINT, SPECIAL = "教学点", "特殊教育学校"
SMALLEST_POINT, SMALL = 50, 100  # pupils
LARGE = (2000, 2000, 2500)
School = Mapping[str, Any]


class Value(NamedTuple):
    """A number of the form: exact for a workbook, as printed for a document; None is unknown."""

    exact: Decimal | None
    places: int = 0

    def __str__(self) -> str:
        return NONE if self.exact is None else shown(self.exact, self.places)


UNKNOWN = Value(None)


def number(given: Any, places: int = 0) -> Value:
    return Value(None if given in (None, "") else Decimal(str(given)), places)


def rate(part: Value, whole: Value) -> Value:
    """Per cent, unknown with either and of nothing."""
    if part.exact is None or not whole.exact:
        return Value(None, RATE)
    return Value(part.exact * 100 / whole.exact, RATE)


def total(values: Sequence[Any]) -> Value:
    """Unknown as soon as one of them is: a sum of what is there would pass for the whole."""
    found = [number(value).exact for value in values]
    known = [one for one in found if one is not None]
    return Value(sum(known, Decimal())) if len(known) == len(found) else UNKNOWN


def count(values: Sequence[Decimal | None], holds: Callable[[Decimal], bool]) -> Value:
    """How many; unknown as soon as one of them is."""
    known = [value for value in values if value is not None]
    return Value(Decimal(sum(map(holds, known)))) if len(known) == len(values) else UNKNOWN


@dataclass(frozen=True)
class Ground:
    """What the form is filled from."""

    payload: Mapping[str, Any]
    outcome: Outcome
    answers: Mapping[str, str]

    def asked(self, name: str) -> Value:
        return number(self.answers.get(name), ITEMS[name].places)

    def item(self, code: str, places: int = 0) -> Value:
        """A figure of the district; 不适用 is unknown to the form."""
        given = self.payload["district"].get(code)
        return number(None if given == NOT_APPLICABLE else given, places)

    @property
    def schools(self) -> list[School]:
        return list(self.payload["schools"])

    def of_type(self, name: str) -> list[School]:
        return [school for school in self.schools if school["school_type"] == name]

    def sum(self, field: str, schools: Sequence[School] | None = None) -> Value:
        """Over the schools the figure applies to; a blank at one of them leaves it open."""
        rows = self.schools if schools is None else schools
        given = [row.get(field) for row in rows]
        return total([each for each in given if each != NOT_APPLICABLE])

    def of_stage(self, field: str) -> Value:
        """Of the schools that teach the stage the field is of."""
        stage = field.rpartition("_")[2]
        return self.sum(
            field, [row for row in self.schools if stage in COMPULSORY_STAGES[row["school_type"]]]
        )

    def pupils(self, school: School) -> Decimal | None:
        """Of compulsory education; None while a stage of it is blank."""
        stages = COMPULSORY_STAGES[school["school_type"]]
        return total([school.get(f"pupils_{stage}") for stage in stages]).exact

    def larger(self) -> Iterator[Value]:
        """Primary and junior schools above 2,000 pupils, nine- and twelve-year ones above 2,500."""
        groups = (("小学",), ("初中", "完全中学"), ("九年一贯制", "十二年一贯制"))
        for names, most in zip(groups, LARGE, strict=True):
            own = [self.pupils(row) for name in names for row in self.of_type(name)]
            yield count(own, partial(lt, most))

    def small(self) -> Value:
        """Pupils of schools that have fewer than a hundred."""
        own = [self.pupils(row) for row in self.schools if row["school_type"] != SPECIAL]
        return total([0 if each is not None and each >= SMALL else each for each in own])

    @property
    def points(self) -> Value:
        """Teaching points of fifty pupils and more."""
        return count(
            [self.pupils(row) for row in self.of_type(POINT)],
            lambda pupils: pupils >= SMALLEST_POINT,
        )
