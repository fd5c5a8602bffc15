"""Corrects a single value: the person's own workbook with one cell changed, on the usual path."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, Stale, Unusable
from districts.models import User
from figures.table import SCHOOL_FIELD, item_of
from selfchecks import files
from selfchecks.models import SelfCheck, Upload
from selfchecks.services import reviews, uploads
from selfchecks.services.blockers import lock_editable
from selfchecks.services.checking import Preview, in_words, preview
from selfchecks.services.explaining import explain
from selfchecks.services.reported import from_records
from selfchecks.services.reviews import Target
from workbooks.values import Value, show
from workbooks.writer.one_cell import NoSuchCell, replace_cell

IDENTIFYING = frozenset({"school_code", "school_name", "school_type"})
_PLAIN_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_LONGEST_VALUE = 200


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
    if column == "value":
        return _item(self_check, line)
    raw = SCHOOL_FIELD.get(column)
    record = self_check.school_records.filter(school_code=line).first()
    if raw is None or column in IDENTIFYING or record is None:
        raise Http404
    value = from_records(self_check).schools[line][column]
    place = (record.sheet, record.cells.get(column, ""))
    return Cell(line, column, raw.label, raw.unit, record.school_name, *place, value)


def _item(self_check: SelfCheck, item: str) -> Cell:
    entry = item_of(item)
    row = self_check.district_records.filter(item=item).first()
    if entry is None or row is None:
        raise Http404
    value = from_records(self_check).district[item]
    return Cell(item, "value", entry.label, entry.unit, "", row.sheet, row.cell, value)


@transaction.atomic
def correct(
    *,
    self_check: SelfCheck,
    cell: Cell,
    value: str,
    reason: str,
    by: User,
    seen: str | None = None,
) -> Upload:
    """Change one value, with a reason, as a new version of the same workbook.

    ``seen`` is the value the person decided on, as ``Cell.shown``. Raises Unusable when the value
    does not pass the checks or the reason is missing, Stale when it is another one by now,
    Conflict when nothing would change or the figures did not come from one workbook.
    """
    locked = lock_editable(self_check, by)
    _refuse_bad_texts(value, reason)
    cell = cell_of(locked, cell.line, cell.column)
    _refuse_unless_seen(cell, seen, value)
    current = current_of(self_check, cell)
    try:
        content = replace_cell(files.content_of(current), cell.sheet, cell.cell, typed(value))
    except NoSuchCell as missing:
        raise Conflict(
            _("%s 不能在页面上单独更正;请在工作簿里改好后重新上传。") % f"{cell.sheet}!{cell.cell}"
        ) from missing
    name = f"{current.display_name.rpartition('.')[0]}.xlsx"
    checked = preview(self_check=self_check, content=content, name=name)
    _refuse_unless_only(checked, cell)
    kept = uploads.keep(self_check=self_check, content=content, name=name, by=by).upload
    _explain(kept, cell, reason, by)
    text = gettext("%(before)s → %(after)s:%(reason)s") % {
        "before": cell.shown or gettext("未填报"),
        "after": value.strip() or gettext("未填报"),
        "reason": reason.strip(),
    }
    reviews.comment(self_check=self_check, text=text, by=by, on=cell.target)
    return kept


def _refuse_bad_texts(value: str, reason: str) -> None:
    faults: dict[str, Any] = {}
    if len(value) > _LONGEST_VALUE:
        faults["value"] = _("数值最多 %s 字。") % _LONGEST_VALUE
    if fault := fault_of_required(reason, _("请写明更正的原因。")):
        faults["reason"] = fault
    if faults:
        raise Unusable(next(iter(faults.values())), fields=faults)


def _refuse_unless_seen(cell: Cell, seen: str | None, value: str) -> None:
    """Two tabs: the second must not overwrite what the first one wrote without saying so."""
    if seen is None or cell.shown in (seen, value.strip()):
        return
    blank = gettext("未填报")
    sentence = gettext(
        "您打开这一页时是「%(seen)s」,现在已是「%(now)s」;没有改动。"
        "仍要改成「%(wanted)s」的,请再点一次「更正并保存」。"
    ) % {
        "seen": seen or blank,
        "now": cell.shown or blank,
        "wanted": value.strip()[:_LONGEST_VALUE] or blank,
    }
    raise Stale(sentence, fields={"value": sentence})


def current_of(self_check: SelfCheck, *cells: Cell) -> Upload:
    """The version that holds these cells. Raises Conflict when one of them is in none."""
    current = self_check.uploads.filter(is_current=True).first()
    # Figures imported in bulk have no cell: the workbook would bring the old ones back.
    is_torn = self_check.school_records.filter(cells={}).exists()
    if current is None or is_torn or not all(cell.cell for cell in cells):
        raise Conflict(
            _("这个数不在现行的工作簿里,不能单独更正;请上传更正后的工作簿。"), code="no_cell"
        )
    found: Upload = current
    return found


def typed(value: str) -> Decimal | str:
    """A plain number as a number; anything else stays text for the check to judge."""
    text = value.strip()
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else text


def _refuse_unless_only(checked: Preview, cell: Cell) -> None:
    """The value must pass, and nothing but it may change."""
    errors = [in_words(row) for row in checked.findings if row["level"] == "error"]
    if errors:
        own = [row for row in errors if row["cell"] == cell.cell and row["sheet"] == cell.sheet]
        found = (own or errors)[0]
        sentence = "".join((found["what"], found["expected"], found["fix"]))
        raise Unusable(sentence, code="has_errors", fields={"value": sentence})
    changed = {(item.key, item.column) for item in checked.comparison.items}
    if not changed:
        sentence = gettext("新值和原来的一样,没有更正。")
        raise Unusable(sentence, code="unchanged", fields={"value": sentence})
    if changed != {(cell.line, cell.column)}:
        raise Conflict(_("更正这个数会连带改变别的数;请在工作簿里改好后重新上传。"))


def _explain(upload: Upload, cell: Cell, reason: str, by: User) -> None:
    """A warning about the corrected cell has its reason already."""
    here = (cell.sheet, cell.cell)
    own = [row for row in upload.unexplained() if (row["sheet"], row["cell"]) == here]
    if own:
        explain(upload=upload, reasons={str(row["id"]): reason for row in own}, by=by)
