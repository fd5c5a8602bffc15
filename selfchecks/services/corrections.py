"""Corrects figures: the district's own workbook with those cells changed, on the usual path.

One cell on a page and a manager's table of many are the same: a new version of the workbook, so
that every figure still leads to the cell it was read from, and whoever brings it in has prepared.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, Stale, Unusable
from audit.services import record
from districts.models import User
from districts.roles import DISTRICT_ROLES
from figures.table import SCHOOL_FIELD, item_of
from selfchecks import files
from selfchecks.models import DistrictRecord, SchoolRecord, SelfCheck, Upload
from selfchecks.models.records import ItemState
from selfchecks.services import reviews, uploads
from selfchecks.services.blockers import (
    MAY_CORRECT,
    MAY_UPLOAD,
    lock_editable,
    refuse_unless_editable,
)
from selfchecks.services.checking import Preview, preview
from selfchecks.services.findings import explain, in_words
from selfchecks.services.notices import people_of, post
from selfchecks.services.reviews import Target
from workbooks.values import NOT_APPLICABLE, Value, show
from workbooks.writer.one_cell import NoSuchCell, replace_cells

IDENTIFYING = frozenset({"school_code", "school_name", "school_type"})
MOST_RECORDED = 200  # values in one audit entry; the count still tells
_PLAIN_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_LONGEST_VALUE = 200

Key = tuple[str, str]  # (school code, field) or (item, "value")
Values = Mapping[Key, str]  # what shall stand there, as a person would type it


@dataclass(frozen=True, slots=True)
class Cell:
    """One reported value and where it stood. ``line`` is a school code or an item's code."""

    line: str
    column: str
    label: str
    unit: str
    school_name: str
    sheet: str
    cell: str
    value: Value

    @property
    def key(self) -> Key:
        return self.line, self.column

    @property
    def shown(self) -> str:
        """As a person would type it; empty when it was not reported."""
        return "" if self.value is None else show(self.value)

    @property
    def target(self) -> Target:
        """What a comment on this cell is tied to."""
        if self.school_name:
            return Target("", self.line, self.column, self.sheet, self.cell)
        return Target(self.line.partition(".")[0], "", self.line, self.sheet, self.cell)


def cell_of(self_check: SelfCheck, line: str, column: str) -> Cell:
    """The value as it stands now. Raises Http404 for a line or column there is not."""
    return _cells(self_check, [(line, column)])[line, column]


def _cells(self_check: SelfCheck, keys: Iterable[Key]) -> dict[Key, Cell]:
    lines = {line for line, _column in keys}
    schools = self_check.school_records.filter(school_code__in=lines)
    items = self_check.district_records.filter(item__in=lines)
    rows: dict[str, Any] = {row.school_code: row for row in schools}
    rows |= {row.item: row for row in items}
    if any(column in IDENTIFYING for _line, column in keys):
        raise Http404
    return {(line, column): cell_in(rows.get(line), column) for line, column in keys}


def cell_in(row: SchoolRecord | DistrictRecord | None, column: str) -> Cell:
    """A value of a stored row with its place. Raises Http404 for a row or column there is not."""
    if isinstance(row, DistrictRecord) and column == "value":
        entry = item_of(row.item)
        if entry is None:
            raise Http404
        value = NOT_APPLICABLE if row.state == ItemState.NOT_APPLICABLE else row.value
        return Cell(row.item, column, entry.label, entry.unit, "", row.sheet, row.cell, value)
    raw = SCHOOL_FIELD.get(column)
    if not isinstance(row, SchoolRecord) or raw is None:
        raise Http404
    value = NOT_APPLICABLE if column in row.not_applicable else getattr(row, column)
    place = (row.sheet, row.cells.get(column, ""))
    return Cell(row.school_code, column, raw.label, raw.unit, row.school_name, *place, value)


def preview_correction(*, self_check: SelfCheck, values: Values, by: User) -> Preview:
    """What the check says of the workbook with these values. Raises as ``correct`` does."""
    refuse_unless_editable(self_check, by, MAY_CORRECT)
    _cells_now, checked, _content = _corrected(self_check, values)
    if checked.is_usable:
        _refuse_unless_only(checked, values)
    return checked


@transaction.atomic
def correct(
    *, self_check: SelfCheck, values: Values, reason: str, by: User, seen: Values | None = None
) -> Upload:
    """Change values, with a reason, as a new version of the same workbook.

    ``seen`` are the values the person decided on, as ``Cell.shown``. Raises Unusable when a value
    does not pass the checks or the reason is missing, Stale when it is another one by now,
    Conflict when other figures would change too or the figures did not come from one workbook.
    """
    locked = lock_editable(self_check, by, MAY_CORRECT)
    _refuse_bad_texts(values, reason)
    for cell in _cells(locked, seen or {}).values():
        _refuse_unless_seen(cell, (seen or {})[cell.key], values[cell.key])
    cells, checked, content = _corrected(locked, values)
    _refuse_errors(checked, cells)
    _refuse_unless_only(checked, values)
    given: dict[str, Any] = {"content": content, "name": checked.display_name, "checked": checked}
    kept = uploads.keep(self_check=locked, **given, by=by, roles=MAY_CORRECT).upload
    if by.role in MAY_UPLOAD:
        _note_at_cells(kept, cells, values, reason.strip(), by)
    else:
        _tell_district(kept, checked, reason.strip(), by)
    return kept


def _refuse_bad_texts(values: Values, reason: str) -> None:
    is_long = any(len(value) > _LONGEST_VALUE for value in values.values())
    faults = {
        "value": _("数值最多 %s 字。") % _LONGEST_VALUE if is_long else None,
        "reason": fault_of_required(reason, _("请写明更正的原因。")),
    }
    Unusable.check(faults)


def _refuse_unless_seen(cell: Cell, seen: str, value: str) -> None:
    """Two tabs: the second must not overwrite what the first one wrote without saying so."""
    if cell.shown in (seen, value.strip()):
        return
    blank = gettext("未填报")
    sentence = gettext(
        "您打开这一页时是「%(seen)s」，现在已是「%(now)s」；没有改动。"
        "仍要改成「%(wanted)s」的，请再点一次「更正并保存」。"
    ) % {
        "seen": seen or blank,
        "now": cell.shown or blank,
        "wanted": value.strip()[:_LONGEST_VALUE] or blank,
    }
    raise Stale.at("value", sentence)


def _corrected(self_check: SelfCheck, values: Values) -> tuple[list[Cell], Preview, bytes]:
    """The cells, the workbook with the new values in them, and what the check says of it."""
    cells = _cells(self_check, values)
    current = _version_with(self_check, cells.values())
    wanted = {(cell.sheet, cell.cell): _typed(values[key]) for key, cell in cells.items()}
    try:
        content = replace_cells(files.content_of(current), wanted)
    except NoSuchCell as missing:
        raise Conflict(_("%s 不能单独更正；请在工作簿里改好后重新上传。") % missing) from missing
    name = f"{current.display_name.rpartition('.')[0]}.xlsx"
    checked = preview(self_check=self_check, content=content, name=name)
    return list(cells.values()), checked, content


def _version_with(self_check: SelfCheck, cells: Iterable[Cell]) -> Upload:
    """The version that holds these cells. Raises Conflict when one of them is in none."""
    current = self_check.uploads.filter(is_current=True).first()
    # Figures imported in bulk have no cell: the workbook would bring the old ones back.
    is_torn = self_check.school_records.filter(cells={}).exists()
    if current is None or is_torn or not all(cell.cell for cell in cells):
        raise Conflict(
            _("这个数不在现行的工作簿里，不能单独更正；请上传更正后的工作簿。"), code="no_cell"
        )
    return current


def _typed(value: str) -> Decimal | str:
    """A plain number as a number; anything else stays text for the check to judge."""
    text = value.strip()
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else text


def _refuse_errors(checked: Preview, cells: Iterable[Cell]) -> None:
    """The first error in words, rather one at a corrected cell than one elsewhere."""
    errors = [row for row in checked.findings if row["level"] == "error"]
    here = {(cell.sheet, cell.cell) for cell in cells}
    if errors:
        own = [row for row in errors if (row["sheet"], row["cell"]) in here]
        found = in_words((own or errors)[0])
        sentence = "".join((found["what"], found["expected"], found["fix"]))
        raise Unusable.at("value", sentence, code="has_errors")


def _refuse_unless_only(checked: Preview, values: Values) -> None:
    """Something must change, and nothing but the values asked for."""
    found = checked.comparison
    if found.is_empty:
        raise Unusable.at("value", gettext("新值和原来的一样，没有更正。"), code="unchanged")
    changed = {(item.key, item.column) for item in found.items}
    if changed != set(values) or found.added or found.removed:
        raise Conflict(_("这样更正会连带改变别的数；请在工作簿里改好后重新上传。"))


def _note_at_cells(
    upload: Upload, cells: Iterable[Cell], values: Values, reason: str, by: User
) -> None:
    """The district says why beside the value; a warning about it has its reason already."""
    here = {(cell.sheet, cell.cell) for cell in cells}
    own = [row for row in upload.unexplained() if (row["sheet"], row["cell"]) in here]
    if own:
        explain(upload=upload, reasons={str(row["id"]): reason for row in own}, by=by)
    for cell in cells:
        text = gettext("%(before)s → %(after)s：%(reason)s") % {
            "before": cell.shown or gettext("未填报"),
            "after": values[cell.key].strip() or gettext("未填报"),
            "reason": reason,
        }
        reviews.comment(self_check=upload.self_check, text=text, by=by, on=cell.target)


def _tell_district(upload: Upload, checked: Preview, reason: str, by: User) -> None:
    """The city says why in the version, in the record and to the district."""
    upload.changes = {**upload.changes, "reason": reason}
    upload.save(update_fields=["changes"])
    items = checked.comparison.items
    changed = {
        f"{item.key}.{item.column}": [item.before, item.after] for item in items[:MOST_RECORDED]
    }
    record(
        action="records.import",
        by=by,
        on=upload.self_check,
        district_code=upload.self_check.district.code,
        changes={"upload": upload.number, "changed": len(items), **changed},
        reason=reason,
    )
    post(
        kind="corrected",
        self_check=upload.self_check,
        to=people_of(upload.self_check, DISTRICT_ROLES),
        key=str(upload.number),
        by=by,
        actor=by.display_name,
        count=len(items),
        number=upload.number,
        comment=reason,
    )
