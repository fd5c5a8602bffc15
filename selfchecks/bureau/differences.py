"""What differs between two versions or years, so that a chief reads it in two minutes.

What cannot be told in percent comes first, such as an answer or a blank, then the largest
changes; texts stand apart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from figures.table import CHOICE, CODE, SCHOOL_FIELD, TEXT, VETO_NAMES, Figure, item_of
from indicators.services.rules import indicator_names
from selfchecks.models import SelfCheck
from selfchecks.services.differences import TEXTS
from selfchecks.workbook.reading import DATA_SHEETS, DISTRICT, SCHOOLS, VETO
from workbooks.values import NOT_APPLICABLE, show

AT_ONCE, AT_MOST = 8, 200
_SHEETS = [sheet.name for sheet in DATA_SHEETS]
_LINES = {sheet.name: {key: at for at, key in enumerate(sheet.lines)} for sheet in DATA_SHEETS}

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One value before and after; ``share`` is the difference in percent of what it was."""

    where: str
    label: str
    unit: str
    before: str | None
    after: str | None
    difference: str = ""
    share: str = ""
    weight: Decimal = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Differences:
    """``count`` counts every value that differs, also those beyond the ones listed."""

    added: int
    removed: int
    count: int
    parts: tuple[tuple[str, int], ...]
    figures: tuple[Row, ...]
    texts: tuple[Row, ...]

    @property
    def first(self) -> tuple[Row, ...]:
        return self.figures[:AT_ONCE]

    @property
    def others(self) -> tuple[Row, ...]:
        return self.figures[AT_ONCE:]

    @property
    def hidden(self) -> int:
        return self.count - len(self.figures) - len(self.texts)


def differences_of(self_check: SelfCheck, found: Item) -> Differences:
    """``found`` is a comparison as it is stored with a version."""
    names = indicator_names(self_check.standard)
    items = sorted(found["items"], key=_place)
    texts = [item for item in items if item["column"] in TEXTS]
    figures = [_row(item, names) for item in items if item["column"] not in TEXTS]
    figures.sort(key=lambda row: -row.weight)
    return Differences(
        added=len(found["added"]),
        removed=len(found["removed"]),
        count=found["count"],
        parts=tuple(_parts(found)),
        figures=tuple(figures[:AT_MOST]),
        texts=tuple(_row(item, names) for item in texts[:AT_MOST]),
    )


def _place(item: Item) -> tuple[int, int]:
    """In the order of the workbook; schools stay as they come."""
    lines = _LINES[item["part"]]
    return _SHEETS.index(item["part"]), lines.get(item["key"], len(lines))


def _parts(found: Item) -> Iterable[tuple[str, int]]:
    """How many values changed on each sheet, texts counted apart.

    What was stored before the sheets were counted tells only of the values it lists.
    """
    listed = ("" if item["column"] in TEXTS else item["part"] for item in found["items"])
    counts = found.get("parts") or Counter(listed)
    yield from ((_(name), counts[name]) for name in _SHEETS if counts.get(name))
    if counts.get(""):
        yield _("说明和佐证的文字"), counts[""]
    if untold := found["count"] - sum(counts.values()):
        yield _("没有逐项留存"), untold


def _row(item: Item, names: Mapping[str, str]) -> Row:
    words = (_where(item, names), _(item["label"]), _unit(item), item["before"], item["after"])
    before, after = (_number(item, side) for side in ("before", "after"))
    if before is None or after is None:
        return Row(*words)
    step = after - before
    difference = _signed(show(abs(step)), step)
    if not before:
        return Row(*words, difference)
    weight = abs(step / before)
    return Row(*words, difference, _signed(f"{100 * weight:.1f}%", step), weight)


def _signed(text: str, step: Decimal) -> str:
    return f"+{text}" if step > 0 else f"−{text}"


def _figure(item: Item) -> Figure | None:
    if item["part"] == SCHOOLS.name:
        return SCHOOL_FIELD.get(item["column"])
    return item_of(item["key"]) if item["part"] == DISTRICT.name else None


def _number(item: Item, side: str) -> Decimal | None:
    figure, text = _figure(item), item[side]
    is_number = figure is not None and figure.kind not in (TEXT, CODE, CHOICE)
    return Decimal(text) if is_number and text and text != NOT_APPLICABLE else None


def _where(item: Item, names: Mapping[str, str]) -> str:
    """The school, the indicator or the veto item by its name."""
    key = item["key"]
    if item["part"] == SCHOOLS.name:
        return str(item["name"] or key)
    if item["part"] == VETO.name:
        return f"{key} {_(VETO_NAMES.get(key, ''))}"
    code = key.partition(".")[0]
    return f"{code} {names.get(code, '')}"


def _unit(item: Item) -> str:
    figure = _figure(item)
    return _(figure.unit) if figure and figure.unit else ""
