"""What changed between two versions or years, so that a chief reads it in two minutes.

What cannot be told in percent comes first, such as an answer or a blank, then the largest
changes; texts stand apart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from figures.table import DISTRICT_ITEM, SCHOOL_FIELD, VETO_ITEMS
from selfchecks.models import SelfCheck
from selfchecks.workbook.layout import DATA_SHEETS, DISTRICT, SCHOOLS, VETO
from workbooks.values import NOT_APPLICABLE, show

AT_ONCE, AT_MOST = 8, 200
TEXTS = frozenset({"note", "evidence"})
_SHEETS = [sheet.name for sheet in DATA_SHEETS]
_LINES = {sheet.name: {key: at for at, key in enumerate(sheet.lines)} for sheet in DATA_SHEETS}


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; ``share`` is the difference in percent of what it was."""

    where: str
    label: str
    unit: str
    before: str | None
    after: str | None
    difference: str
    share: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Changes:
    """``count`` counts every change, also those beyond the ones listed."""

    added: int
    removed: int
    count: int
    parts: tuple[tuple[str, int], ...]
    first: tuple[Change, ...]
    others: tuple[Change, ...]
    texts: tuple[Change, ...]
    hidden: int


def changes_of(self_check: SelfCheck, found: Mapping[str, Any]) -> Changes:
    """``found`` is a comparison as it is stored with a version."""
    names = {row.code: row.display_name for row in self_check.standard.indicators.all()}
    items = sorted(found["items"], key=_place)
    texts = [item for item in items if item["column"] in TEXTS]
    figures = [_change(item, names) for item in items if item["column"] not in TEXTS]
    figures.sort(key=lambda change: -change.weight)
    return Changes(
        added=len(found["added"]),
        removed=len(found["removed"]),
        count=found["count"],
        parts=tuple(_parts(items)),
        first=tuple(figures[:AT_ONCE]),
        others=tuple(figures[AT_ONCE:AT_MOST]),
        texts=tuple(_change(item, names) for item in texts[:AT_MOST]),
        hidden=found["count"] - min(len(figures), AT_MOST) - min(len(texts), AT_MOST),
    )


def _place(item: Mapping[str, Any]) -> tuple[int, int]:
    """In the order of the workbook; schools stay as they come."""
    lines = _LINES[item["part"]]
    return _SHEETS.index(item["part"]), lines.get(item["key"], len(lines))


def _parts(items: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, int]]:
    """How many values changed on each sheet, texts counted apart."""
    figures = Counter(item["part"] for item in items if item["column"] not in TEXTS)
    yield from ((_(name), figures[name]) for name in _SHEETS if figures[name])
    texts = sum(item["column"] in TEXTS for item in items)
    if texts:
        yield _("说明和佐证的文字"), texts


def _change(item: Mapping[str, Any], names: Mapping[str, str]) -> Change:
    before, after = (_number(item, side) for side in ("before", "after"))
    difference = share = ""
    weight = Decimal("Infinity")
    if before is not None and after is not None:
        change = after - before
        difference = _signed(show(abs(change)), change)
        if before:
            weight = abs(change / before)
            share = _signed(f"{100 * weight:.1f}%", change)
    return Change(
        where=_where(item, names),
        label=_(item["label"]),
        unit=_unit(item),
        before=item["before"],
        after=item["after"],
        difference=difference,
        share=share,
        weight=weight,
    )


def _signed(text: str, change: Decimal) -> str:
    return f"+{text}" if change > 0 else f"−{text}"


def _number(item: Mapping[str, Any], side: str) -> Decimal | None:
    raw = SCHOOL_FIELD.get(item["column"]) if item["part"] == SCHOOLS.name else None
    is_figure = raw.is_number if raw else item["part"] == DISTRICT.name
    text = item[side]
    return Decimal(text) if is_figure and text and text != NOT_APPLICABLE else None


def _where(item: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The school, the indicator or the veto item by its name."""
    key = item["key"]
    if item["part"] == SCHOOLS.name:
        return str(item["name"] or key)
    if item["part"] == VETO.name:
        return f"{key} {_(VETO_ITEMS.get(key, ''))}"
    code = key.partition(".")[0]
    return f"{code} {names.get(code, '')}"


def _unit(item: Mapping[str, Any]) -> str:
    known: Any = None
    if item["part"] == SCHOOLS.name:
        known = SCHOOL_FIELD.get(item["column"])
    elif item["part"] == DISTRICT.name:
        known = DISTRICT_ITEM.get(item["key"])
    return _(known.unit) if known and known.unit else ""
