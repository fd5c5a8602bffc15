"""Keeps what an uploaded table changes: all of it or nothing, with one audit entry."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from import_export.results import RowResult

from audit.refusals import Conflict, NotAllowed
from audit.services import record
from districts.models import District, School, User
from districts.roles import Role
from districts.services import schools, units

MAY_IMPORT_SCHOOLS = (Role.INSPECTOR, Role.MANAGER)
MAY_IMPORT_DISTRICTS = (Role.MANAGER,)


@dataclass(frozen=True, slots=True)
class Source:
    """The file the rows came from."""

    name: str
    sha256: str


def lock_schools(*, codes: Sequence[str]) -> None:
    """Hold these rows until the transaction ends, so that looking and keeping see the same."""
    list(School.objects.select_for_update().filter(code__in=codes).values_list("pk", flat=True))


@transaction.atomic
def keep_schools(*, changes: Sequence[RowResult], by: User, source: Source) -> None:
    """Store new and changed schools in a few queries.

    Raises NotAllowed for other roles, Conflict when somebody registered a code meanwhile.
    """
    if by.role not in MAY_IMPORT_SCHOOLS:
        raise NotAllowed(_("学校由市级督学或市级管理员导入,您的账号不能做这一步。"))
    new = [change.instance for change in changes if change.is_new()]
    changed = [_as_insert(change.instance) for change in changes if not change.is_new()]
    try:
        with transaction.atomic():
            # Centres first: the points that name them need their keys.
            School.objects.bulk_create(school for school in new if school.attached_to is None)
            School.objects.bulk_create(school for school in new if school.attached_to is not None)
            School.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=schools.CHANGEABLE,
            )
    except IntegrityError as error:
        raise Conflict(_("导入时有学校刚被别人登记;请重新预览后再确认。")) from error
    codes = {change.instance.district.code for change in changes}
    _note("school.import", changes, by, source, codes.pop() if len(codes) == 1 else "")


def _as_insert(school: School) -> School:
    """The same school without its key, so that only the code can meet the existing row."""
    twin = copy.copy(school)
    twin._state = copy.copy(school._state)
    twin.pk, twin._state.adding = None, True
    return twin


@transaction.atomic
def keep_districts(*, changes: Sequence[RowResult], by: User, source: Source) -> None:
    """Store new and changed units; each is checked as if entered by hand."""
    if by.role not in MAY_IMPORT_DISTRICTS:
        raise NotAllowed(_("区县由市级管理员导入,您的账号不能做这一步。"))
    for change in changes:
        district: District = change.instance
        units.check(district)
        district.save()
    _note("district.import", changes, by, source)


def _note(
    action: str, changes: Sequence[RowResult], by: User, source: Source, district_code: str = ""
) -> None:
    altered = {
        change.instance.code: {header: [before, after] for header, before, after in change.values}
        for change in changes
        if not change.is_new()
    }
    added = [change.instance.code for change in changes if change.is_new()]
    record(
        action=action,
        by=by,
        district_code=district_code,
        changes={
            "file": source.name,
            "sha256": source.sha256,
            "new": len(added),
            "changed": len(altered),
            "added": added,
            "altered": altered,
        },
    )
