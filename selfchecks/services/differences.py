"""What changed between two versions or two years: figures, and verdicts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from figures.table import SCHOOL_FIELD, item_of
from indicators.calculation.outcome import Outcome
from selfchecks.services.reported import Reported
from selfchecks.workbook.layout import DISTRICT, QUALITATIVE, SCHOOLS, VETO
from workbooks.values import show

KEPT_ITEMS = 500  # a version that changes more is a new file; the count still tells


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
        return {
            "part": self.part,
            "key": self.key,
            "name": self.name,
            "column": self.column,
            "label": self.label,
            "before": self.before,
            "after": self.after,
        }


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
        """``most`` limits the values listed; ``count`` counts them all."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "count": len(self.items),
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
    """An indicator whose verdict differs; ``stage`` for the 差异系数 of part A."""

    indicator: str
    stage: str
    before: str | None
    after: str | None


def compare_verdicts(before: Outcome, after: Outcome) -> list[VerdictChange]:
    """Indicators whose verdict differs between two outcomes."""
    old, new = before.verdicts, after.verdicts
    return [
        VerdictChange(*key, old.get(key), new.get(key))
        for key in dict.fromkeys([*new, *old])
        if old.get(key) != new.get(key)
    ]
