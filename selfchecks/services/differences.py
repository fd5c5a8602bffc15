"""What changed between two versions or two years: figures, verdicts, and which words still hold.

A word holds when nothing its indicator rests on was changed since it was given.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from figures.table import SCHOOL_FIELD, item_of
from indicators.calculation.outcome import Outcome
from indicators.models import Indicator
from indicators.models.indicator import Group
from selfchecks.models import Evaluation, IndicatorReview, SelfCheck
from selfchecks.services.reported import Reported, from_payload
from selfchecks.workbook.reading import DISTRICT, QUALITATIVE, SCHOOLS, VETO
from selfchecks.workflow import DECIDING
from workbooks.values import show

Key = TypeVar("Key")
KEPT_ITEMS = 500  # a version that changes more is a new file; the counts still tell
TEXTS = frozenset({"note", "evidence"})  # columns of prose, counted and shown apart


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed value. ``key`` is a school code, item, indicator or veto item."""

    part: str
    key: str
    name: str
    column: str
    label: str
    before: str | None
    after: str | None

    def as_dict(self) -> dict[str, str | None]:
        """What ``asdict`` gives, in a twentieth of its time."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Schools that came and went, and every value that differs in the others."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    items: tuple[Difference, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.items)

    def as_dict(self, *, most: int | None = KEPT_ITEMS) -> dict[str, Any]:
        """``most`` limits the values listed; ``count`` and ``parts`` count them all."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "count": len(self.items),
            "parts": dict(Counter("" if i.column in TEXTS else i.part for i in self.items)),
            "items": [item.as_dict() for item in self.items[:most]],
        }


def compare(before: Reported, after: Reported) -> Comparison:
    """Every value that differs, in the order of the newer side."""
    return Comparison(
        added=tuple(code for code in after.schools if code not in before.schools),
        removed=tuple(code for code in before.schools if code not in after.schools),
        items=(
            *_schools(before, after),
            *_district(before, after),
            *_lines("qualitative", before.qualitative, after.qualitative),
            *_lines("veto", before.veto, after.veto),
        ),
    )


def compare_payloads(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """The same of stored inputs: what is written alike need not be read."""
    old = {row["school_code"]: row for row in before["schools"]}
    new = {row["school_code"]: row for row in after["schools"]}
    sides = (
        {**side, "schools": [_unlike(row, other.get(code)) for code, row in rows.items()]}
        for side, rows, other in ((before, old, new), (after, new, old))
    )
    return compare(*map(from_payload, sides))


def _unlike(row: Mapping[str, Any], other: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values of a school that differ, and its name; all of one that came or went."""
    names = ("school_code", "school_name")
    return {
        key: value
        for key, value in row.items()
        if other is None or key in names or other.get(key) != value
    }


def _schools(before: Reported, after: Reported) -> Iterator[Difference]:
    for code, row in after.schools.items():
        old = before.schools.get(code)
        if old is None:
            continue
        for column, value in row.items():
            if value != old.get(column):
                label = SCHOOL_FIELD[column].label
                name = str(row["school_name"])
                yield Difference(
                    SCHOOLS.name, code, name, column, label, _text(old.get(column)), _text(value)
                )


def _district(before: Reported, after: Reported) -> Iterator[Difference]:
    for item in dict.fromkeys([*after.district, *before.district]):
        old, new = before.district.get(item), after.district.get(item)
        if old != new:
            entry = item_of(item)
            label = entry.label if entry else item
            yield Difference(DISTRICT.name, item, "", "value", label, _text(old), _text(new))


def _lines(
    part: str, before: Mapping[str, dict[str, str]], after: Mapping[str, dict[str, str]]
) -> Iterator[Difference]:
    layout = QUALITATIVE if part == "qualitative" else VETO
    labels = {entry.code.removeprefix("veto_"): entry.label for entry in layout.columns}
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key, {}), after.get(key, {})
        for column in dict.fromkeys([*new, *old]):
            if old.get(column, "") != new.get(column, ""):
                texts = (old.get(column) or None, new.get(column) or None)
                yield Difference(layout.name, key, "", column, labels[column], *texts)


def _text(value: int | Decimal | str | None) -> str | None:
    return None if value is None or value == "" else show(value)


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """An indicator whose verdict differs; ``stage`` for the 差异系数 of part A.

    With a ``school`` it is the verdict on that school in that stage.
    """

    indicator: str
    stage: str
    before: str | None
    after: str | None
    school: str = ""


def compare_verdicts(before: Outcome, after: Outcome) -> list[VerdictChange]:
    """Indicators whose verdict differs between two outcomes."""
    return [VerdictChange(*key, *found) for key, found in _apart(before.verdicts, after.verdicts)]


def compare_units(before: Outcome, after: Outcome) -> list[VerdictChange]:
    """Schools whose verdict in a stage differs; those that came or went are told as schools."""
    old, new = _units(before), _units(after)
    names = {unit.school_code: unit.school_name for unit in after.units}
    both = {school for school, _stage in old} & names.keys()
    return [
        VerdictChange("A", stage, *found, school=names[school])
        for (school, stage), found in _apart(old, new)
        if school in both
    ]


def _units(outcome: Outcome) -> dict[tuple[str, str], str | None]:
    return {(unit.school_code, unit.stage): unit.verdict for unit in outcome.units}


def _apart(old: Mapping[Key, Any], new: Mapping[Key, Any]) -> Iterator[tuple[Key, tuple[Any, Any]]]:
    for key in dict.fromkeys([*new, *old]):
        if old.get(key) != new.get(key):
            yield key, (old.get(key), new.get(key))


RESOURCES, VETO_CODE = Group.RESOURCES.value, "V"
NO_FIGURE = ("school_name", "organiser")


@dataclass(frozen=True)
class Changes:
    """What differs between two stored versions of one self-check."""

    seen: Evaluation
    newest: Evaluation

    @cached_property
    def figures(self) -> Comparison:
        return compare_payloads(self.seen.inputs, self.newest.inputs)

    @cached_property
    def verdicts(self) -> list[VerdictChange]:
        return compare_verdicts(self.seen.result, self.newest.result)

    @cached_property
    def units(self) -> list[VerdictChange]:
        return compare_units(self.seen.result, self.newest.result)

    def touched(self, indicators: Sequence[Indicator]) -> frozenset[str]:
        """Codes of the indicators whose figures changed, A for part A as a whole, V the veto."""
        every = {row.code for row in indicators} | {RESOURCES, VETO_CODE}
        if self._is_another_question():
            return frozenset(every)
        fields = {(row.code, field) for row in indicators for field in row.raw_fields}
        found: set[str] = set()
        for item in self.figures.items:
            found |= set(_touched_by(item, fields)) or every
        resources = {row.code for row in indicators if row.group == Group.RESOURCES}
        return frozenset(found | ({RESOURCES} if found & resources else set()))

    def _is_another_question(self) -> bool:
        """Other schools, special cases or rules: then nothing said before holds."""
        figures = self.figures
        before, after = (
            (side.inputs["standard"], side.inputs["special_cases"], side.rules)
            for side in (self.seen, self.newest)
        )
        return bool(figures.added or figures.removed) or before != after


def _touched_by(item: Difference, fields: set[tuple[str, str]]) -> Iterator[str]:
    """Empty when it is not known what rests on the value."""
    if item.part == VETO.name:
        yield VETO_CODE
    elif item.part != SCHOOLS.name:
        yield item.key.partition(".")[0]
    elif item.column in NO_FIGURE:
        yield ""
    else:
        yield from (code for code, field in fields if field == item.column)


def since_decision(self_check: SelfCheck, newest: Evaluation) -> Changes | None:
    """What changed since the version that was last returned or approved; None on the first one."""
    entries = self_check.trail.filter(step__in=DECIDING, evaluation__number__lt=newest.number)
    entry = entries.select_related("evaluation").last()
    return Changes(entry.evaluation, newest) if entry else None


def earlier_words(
    self_check: SelfCheck, newest: Evaluation, indicators: Sequence[Indicator]
) -> dict[str, IndicatorReview]:
    """The inspector's words on the last version that has any, by indicator, and which hold."""
    rows: Any = self_check.evaluations.filter(number__lt=newest.number)
    seen = rows.filter(indicator_reviews__isnull=False).order_by("-number").first()
    if seen is None:
        return {}
    touched = Changes(seen, newest).touched(indicators)
    found = {row.indicator: row for row in seen.indicator_reviews.all()}
    for code, row in found.items():
        row.holds = code not in touched
    return found
