"""Corrects figures of many schools at once: the district's own workbook with those cells changed.

The way of ``corrections``: a new version on the usual path, so that every figure still leads to
the cell it was read from. Whoever brings it in has prepared the self-check and plays no other part.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, Unusable
from audit.services import record
from districts.models import User
from districts.roles import DISTRICT_ROLES
from figures.table import SCHOOL_FIELD
from selfchecks import files
from selfchecks.models import SchoolRecord, SelfCheck, Upload
from selfchecks.services import uploads
from selfchecks.services.blockers import MAY_CORRECT, lock, refuse_unless_editable
from selfchecks.services.checking import Preview, preview
from selfchecks.services.corrections import Cell, current_of, typed
from selfchecks.services.differences import Difference
from selfchecks.services.notices import people_of, post
from workbooks.writer.one_cell import NoSuchCell, replace_cells

MOST_TOLD = 200  # values in one audit entry; the count still tells

# (school code, field) → what shall stand there, as a person would type it.
Values = Mapping[tuple[str, str], str]


def look(*, self_check: SelfCheck, values: Values, by: User) -> Preview:
    """What the check says of the workbook with these values; nothing is kept.

    Raises NotAllowed or Conflict when it may not be corrected now.
    """
    return _look(self_check, values, by)[0]


def _look(self_check: SelfCheck, values: Values, by: User) -> tuple[Preview, bytes, str]:
    """What the check says, and the workbook it says it of with its name."""
    refuse_unless_editable(self_check, by, MAY_CORRECT)
    content, name = _corrected(self_check, values)
    checked = preview(self_check=self_check, content=content, name=name)
    if checked.is_usable:
        _refuse_unless_only(checked, values)
    return checked, content, name


@transaction.atomic
def correct(*, self_check: SelfCheck, values: Values, reason: str, by: User) -> Upload:
    """Keep the workbook with these values as a new version and tell the district.

    Raises Unusable without a reason or when the check finds errors, Conflict when other figures
    would change too or the figures did not come from one workbook.
    """
    reason = _checked_reason(reason)
    locked = lock(self_check, by)
    checked, content, name = _look(locked, values, by)
    if not checked.is_usable:
        sentence = _("更正后的工作簿有 %s 个错误,没有导入;请先看预览里列出的问题。")
        raise Unusable(sentence % checked.count("error"), code="has_errors")
    items = checked.comparison.items
    kept = uploads.keep_corrected(self_check=locked, content=content, name=name, by=by).upload
    kept.changes = {**kept.changes, "reason": reason}
    kept.save(update_fields=["changes"])
    _record(kept, items, reason, by)
    post(
        kind="corrected",
        self_check=locked,
        to=people_of(locked, DISTRICT_ROLES),
        key=str(kept.number),
        by=by,
        actor=by.display_name,
        count=len(items),
        number=kept.number,
        comment=reason,
    )
    return kept


def _checked_reason(reason: str) -> str:
    if fault := fault_of_required(reason, _("请写明更正的原因。")):
        raise Unusable(fault, fields={"reason": fault})
    return reason.strip()


def _corrected(self_check: SelfCheck, values: Values) -> tuple[bytes, str]:
    """The current workbook with the values in their cells, and its name."""
    cells = _cells(self_check, values)
    current = current_of(self_check, *cells.values())
    wanted = {(cell.sheet, cell.cell): typed(values[key]) for key, cell in cells.items()}
    try:
        content = replace_cells(files.content_of(current), wanted)
    except NoSuchCell as missing:
        raise Conflict(_("%s 不能单独更正;请区县在工作簿里改好后重新上传。") % missing) from missing
    return content, f"{current.display_name.rpartition('.')[0]}.xlsx"


def _cells(self_check: SelfCheck, values: Values) -> dict[tuple[str, str], Cell]:
    codes = {code for code, _field in values}
    rows = {row.school_code: row for row in self_check.school_records.filter(school_code__in=codes)}
    return {(code, field): _cell(rows[code], field) for code, field in values}


def _cell(row: SchoolRecord, field: str) -> Cell:
    raw = SCHOOL_FIELD[field]
    place = (row.sheet, row.cells.get(field, ""))
    return Cell(row.school_code, field, raw.label, raw.unit, row.school_name, *place, None)


def _refuse_unless_only(checked: Preview, values: Values) -> None:
    found = checked.comparison
    changed = {(item.key, item.column) for item in found.items}
    if changed != set(values) or found.added or found.removed:
        raise Conflict(_("更正这些数会连带改变别的数;请区县在工作簿里改好后重新上传。"))


def _record(upload: Upload, items: Iterable[Difference], reason: str, by: User) -> None:
    told = {f"{item.key}.{item.column}": [item.before, item.after] for item in items}
    record(
        action="records.import",
        by=by,
        on=upload.self_check,
        district_code=upload.self_check.district.code,
        changes={
            "upload": upload.number,
            "changed": len(told),
            **dict(list(told.items())[:MOST_TOLD]),
        },
        reason=reason,
    )
