"""Changes to a draft, row by row; a published version refuses every one of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import Stale, Unusable
from audit.services import differences, record, snapshot
from districts.models import User
from indicators.calculation.figures import write_decimal
from indicators.models import Indicator, OpenPoint, SpecialCase, Standard, Threshold

from .rules import rules_of
from .seen import FIELDS, row_tag
from .standards import locked_draft, may_keep

Row = TypeVar("Row", Standard, Indicator, Threshold, SpecialCase, OpenPoint)


@transaction.atomic
def change_standard(
    *, standard: Standard, by: User | None, expected: str | None = None, **fields: Any
) -> Standard:
    """Change a draft's title, dates and settings; ``fields`` as in :data:`FIELDS`."""
    return _change(standard, locked_draft(standard), by, expected, fields)


@transaction.atomic
def change_indicator(
    *, indicator: Indicator, by: User | None, expected: str | None = None, **fields: Any
) -> Indicator:
    """Change what an indicator of a draft is called and how it is put."""
    return _change(indicator, locked_draft(indicator.standard), by, expected, fields)


@transaction.atomic
def change_threshold(
    *, threshold: Threshold, by: User | None, expected: str | None = None, **fields: Any
) -> Threshold:
    """Change a number of a draft."""
    return _change(threshold, locked_draft(threshold.indicator.standard), by, expected, fields)


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
        _refuse_unusable(draft)
        record(action="standard.import", by=by, on=draft, changes=changes)
    return len(changed)


@transaction.atomic
def change_special_case(
    *, case: SpecialCase, by: User | None, expected: str | None = None, **fields: Any
) -> SpecialCase:
    """Turn a special case of a draft on or off, or change its words and numbers."""
    return _change(case, locked_draft(case.standard), by, expected, fields)


@transaction.atomic
def change_open_point(
    *, point: OpenPoint, by: User | None, expected: str | None = None, **fields: Any
) -> OpenPoint:
    """Change the words of an open point; its value is changed where it stands."""
    return _change(point, locked_draft(point.standard), by, expected, fields)


def _change(
    row: Row, draft: Standard, by: User | None, expected: str | None, fields: dict[str, Any]
) -> Row:
    may_keep(by)
    locked: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if expected is not None and expected != row_tag(locked):
        raise Stale(_("这一条刚被别人更改;请核对最新内容再保存。"))
    before = _said(locked)
    for name, value in fields.items():
        if name not in FIELDS[type(row)]:
            raise Unusable(_("草稿里没有「%s」这一项可改。") % name)
        setattr(locked, name, value)
    _save(locked)
    changes = differences(before, _said(locked))
    if changes:
        _refuse_unusable(draft)
        told = {"row": str(locked), **changes}
        record(action="standard.change", by=by, on=draft, changes=told)
    return locked


def _said(row: Any) -> dict[str, Any]:
    said = snapshot(row, *FIELDS[type(row)])
    for name in said:
        value = getattr(row, name)
        if isinstance(value, Decimal):
            said[name] = write_decimal(value)
    return said


def _save(row: Any) -> None:
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        problems = {name: str(found[0].messages[0]) for name, found in error.error_dict.items()}
        raise Unusable(next(iter(problems.values())), fields=problems) from error
    except IntegrityError as error:
        raise Unusable(_("这个数值不在允许的范围内。")) from error


def _refuse_unusable(draft: Standard) -> None:
    """What a draft says must make rules at every moment, so that its impact can be shown."""
    try:
        rules_of(Standard.objects.get(pk=draft.pk))
    except ValueError as error:
        raise Unusable(_("改动后标准不能用于测算:%s。") % error) from error
