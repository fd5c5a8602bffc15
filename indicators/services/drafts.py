"""Changes to a draft, row by row; a published version refuses every one of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import Stale, Unusable
from audit.services import check, differences, record, snapshot
from districts.models import User
from indicators.calculation.problems import write_decimal
from indicators.models import Amendment, Indicator, OpenPoint, SpecialCase, Standard, Threshold

from .standards import (
    FIELDS,
    fields_of,
    locked_draft,
    may_keep,
    refuse_unusable,
    row_tag,
    standard_of,
)

Row = TypeVar("Row", Standard, Indicator, Threshold, SpecialCase, OpenPoint, Amendment)
Said = TypeVar("Said", OpenPoint, Amendment)


@transaction.atomic
def change(*, row: Row, by: User | None, expected: str | None = None, **fields: Any) -> Row:
    """Change a draft's settings, or what one of its rows says; ``fields`` as in :data:`FIELDS`.

    The value of an open point is changed where it stands.
    """
    draft = locked_draft(standard_of(row))
    may_keep(by)
    locked: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if expected is not None and expected != row_tag(locked):
        raise Stale(_("这一条刚被别人更改；请核对最新内容再保存。"))
    for name in fields.keys() - set(fields_of(locked)):
        raise Unusable(_("草稿里没有「%s」这一项可改。") % name)
    before = _shown(locked)
    for name, value in fields.items():
        setattr(locked, name, value)
    _save(locked)
    changes = differences(before, _shown(locked))
    if changes:
        refuse_unusable(draft, _("改动后标准不能用于测算：%s。"))
        row_changes = {"row": str(locked), **changes}
        record(action="standard.change", by=by, on=draft, changes=row_changes)
    return locked


@transaction.atomic
def change_thresholds(
    *, standard: Standard, values: Mapping[tuple[str, str, str], Decimal], by: User | None
) -> int:
    """Change many numbers of a draft at once, keyed by indicator, stage and name, all or none.

    Returns how many changed. Raises Unusable for numbers the version does not have.
    """
    may_keep(by)
    draft = locked_draft(standard)
    rows = Threshold.objects.filter(indicator__standard=draft).select_related("indicator")
    known = {(row.indicator.code, row.stage, row.name): row for row in rows}
    for key in values.keys() - known.keys():
        raise Unusable(_("这一版没有「%s」这个达标值。") % ".".join(filter(None, key)))
    changed = [row for key, row in known.items() if values.get(key, row.value) != row.value]
    changes = {str(row): [write_decimal(row.value)] for row in changed}
    for row in changed:
        row.value = values[(row.indicator.code, row.stage, row.name)]
        changes[str(row)].append(write_decimal(row.value))
        _save(row)
    if changed:
        refuse_unusable(draft, _("改动后标准不能用于测算：%s。"))
        record(action="standard.import", by=by, on=draft, changes=changes)
    return len(changed)


@transaction.atomic
def add(*, row: Said, by: User | None) -> Said:
    """Put an open point or an amendment, not saved yet, into its draft."""
    draft = locked_draft(row.standard)
    may_keep(by)
    _save(row)
    changes = {"row": row.key, **_shown(row)}
    record(action="standard.add", by=by, on=draft, changes=changes)
    return row


@transaction.atomic
def settle(*, point: OpenPoint, by: User | None) -> None:
    """Take a question off a draft's open points: it is open no more. Its setting stays."""
    draft = locked_draft(point.standard)
    may_keep(by)
    point.delete()
    record(action="standard.settle", by=by, on=draft, changes={"row": point.key})


def _shown(row: Any) -> dict[str, Any]:
    """As an entry keeps it: numbers without the needless zeros of their column."""
    shown = snapshot(row, *FIELDS[type(row)])
    values = ((name, getattr(row, name)) for name in shown)
    return shown | {name: write_decimal(v) for name, v in values if isinstance(v, Decimal)}


def _save(row: Any) -> None:
    check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Unusable(_("这个数值不在允许的范围内。")) from error
