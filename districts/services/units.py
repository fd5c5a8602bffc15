"""Keeps the units: adds one, changes what is known about one, records who follows whom."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import differences, fingerprint, record, snapshot
from districts.models import District, Succession, User
from districts.roles import Role

CHANGEABLE = (
    "name",
    "full_name",
    "english_name",
    "kind",
    "region",
    "subregion",
    "tile_column",
    "tile_row",
    "current_tile_column",
    "current_tile_row",
    "valid_from",
    "valid_to",
)
REGISTERED = ("code", *CHANGEABLE)


def today() -> date:
    """Today in the portal's time zone."""
    return timezone.localdate()


def tag_of(district: District) -> str:
    """Changes whenever something else is known about the unit."""
    return fingerprint(district, *REGISTERED)


@transaction.atomic
def create_district(*, by: User | None, **fields: Any) -> District:
    """Add a unit. Raises NotAllowed for other roles, Unusable (with ``fields``) for bad values."""
    _may_keep(by)
    district = District(**fields)
    check(district)
    district.save()
    record(
        action="district.create",
        by=by,
        on=district,
        district_code=district.code,
        changes=snapshot(district, *REGISTERED),
    )
    return district


@transaction.atomic
def update_district(
    *, district: District, by: User | None, expected: str | None = None, **fields: Any
) -> District:
    """Change what is known about a unit; its code stays. No change, no entry.

    ``expected`` is the :func:`tag_of` the reader last saw: Stale when it has changed since.
    """
    _may_keep(by)
    locked = District.objects.select_for_update().get(pk=district.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("%s 的资料刚被别人更改;请核对最新内容再保存。") % locked.name)
    before = snapshot(locked, *CHANGEABLE)
    for name in CHANGEABLE:
        setattr(locked, name, fields.get(name, getattr(locked, name)))
    check(locked)
    changes = differences(before, snapshot(locked, *CHANGEABLE))
    if changes:
        locked.save()
        record(
            action="district.update",
            by=by,
            on=locked,
            district_code=locked.code,
            changes=changes,
        )
    return locked


@transaction.atomic
def record_succession(
    *,
    predecessor: District,
    successor: District,
    day: date,
    kind: str,
    description: str,
    by: User | None,
    source: str = "",
) -> Succession:
    """Record that one unit, or part of it, went to another. Who inherits the plan stays open.

    Raises NotAllowed for other roles, Unusable when the two units or the day cannot be.
    """
    _may_keep(by)
    if predecessor.pk == successor.pk:
        raise _refuse("successor", _("承接单位不能是原单位自己。"))
    if not successor.exists_on(day):
        raise _refuse("successor", _("%s 在这一天还不存在或已撤并。") % successor.name)
    succession = Succession(
        predecessor=predecessor,
        successor=successor,
        date=day,
        kind=kind,
        description=description.strip(),
        source=source.strip(),
    )
    _full_clean(succession)
    succession.save()
    record(
        action="succession.record",
        by=by,
        on=succession,
        district_code=predecessor.code,
        other_district_code=successor.code,
        changes=snapshot(succession, "date", "kind", "description", "successor"),
    )
    return succession


def _may_keep(by: User | None) -> None:
    if by is not None and by.role != Role.MANAGER:
        raise NotAllowed(_("区县资料由市级管理员维护,您的账号不能做这一步。"))


def _refuse(field: str, sentence: Any) -> Unusable:
    return Unusable(sentence, fields={field: sentence})


def check(district: District) -> None:
    """The rules of one unit, as one refusal naming every field."""
    if district.valid_from and district.valid_to and district.valid_from > district.valid_to:
        raise _refuse("valid_to", _("终止日应不早于起始日。"))
    _full_clean(district)


def _full_clean(row: District | Succession) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        problems = {
            name: _sentence(row, name, errors[0]) for name, errors in error.error_dict.items()
        }
        raise Unusable(next(iter(problems.values())), fields=problems) from error


def _sentence(row: District | Succession, name: str, error: ValidationError) -> str:
    if name == "__all__" and isinstance(row, Succession):
        return str(_("这一天的这项区划调整已经登记。"))
    if name == "__all__":
        return str(_("这个方格已有别的单位,请换一个空的列和行。"))
    return str(error.messages[0])
