"""Keeps the register of schools: adds a school, changes what the register says about it."""

import copy
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.results import RowResult

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import check, fingerprint, revise, settable, snapshot
from districts import special_cases, spelling
from districts.models import District, School, User
from districts.models.school import SchoolType
from districts.roles import Role
from districts.scope import CITY
from districts.services.units import Source, note, note_import

MAY_KEEP_SCHOOLS = (Role.OFFICER, Role.INSPECTOR, Role.MANAGER, Role.CLIENT)
MAY_IMPORT = (Role.INSPECTOR, Role.MANAGER)
MAY_GRANT = (Role.INSPECTOR, Role.MANAGER)
CHANGEABLE = settable(School, but=("code",))
REGISTERED = ("code", *CHANGEABLE)


def tag_of(school: School) -> str:
    """Changes whenever the register says something else about the school."""
    return fingerprint(school, *REGISTERED, extra=(school.district.code, school.district.name))


@transaction.atomic
def create_school(*, district: District, by: User | None, **fields: Any) -> School:
    """Add a school to the district's register; ``fields`` are those of :data:`REGISTERED`.

    ``by`` is None only for what the installation itself adds. Raises NotAllowed for other roles
    and other districts, Unusable (with ``fields``) for values the register does not take.
    """
    _may_keep(by, district)
    _refuse_others(fields, REGISTERED)
    today = timezone.localdate()
    if not district.exists_on(today):
        raise Unusable.at("district", _("%s已撤并，不能再登记学校。") % district)
    _read_cases(by, fields)
    school = School(district=district, **fields)
    _check(school)
    _save(school)
    note(action="school.create", by=by, on=school, changes=snapshot(school, *REGISTERED))
    return school


@transaction.atomic
def update_school(
    *, school: School, by: User | None, expected: str | None = None, **fields: Any
) -> School:
    """Change what the register says; a code, once given, stays.

    ``expected`` is the :func:`tag_of` the reader last saw: Stale when it has changed since.
    Moving a school to another district needs a reach that includes both. No change, no entry.
    """
    locked = School.objects.select_for_update().get(pk=school.pk)
    _may_keep(by, locked.district)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("%s的登记刚被别人更改；请取回最新内容再改。") % locked.name)
    if "code" in fields and fields.pop("code") != locked.code:
        raise Unusable.at("code", _("学校标识码是学校的身份，登记后不能更改。"))
    _refuse_others(fields, CHANGEABLE)
    _may_keep(by, fields.get("district", locked.district))
    if fields.get("special_cases") != locked.special_cases:
        _read_cases(by, fields)
    home = locked.district.code
    changes = revise(locked, fields, names=CHANGEABLE, check=_check)
    if changes:
        _save(locked)
        left = home if "district" in changes else ""
        note(action="school.update", by=by, on=locked, other_district_code=left, changes=changes)
    return locked


def lock_schools(*, codes: Sequence[str]) -> None:
    """Hold these rows until the transaction ends, so that looking and keeping see the same."""
    list(School.objects.select_for_update().filter(code__in=codes).values_list("pk", flat=True))


@transaction.atomic
def keep_schools(*, changes: Sequence[RowResult], by: User, source: Source) -> None:
    """Store new and changed schools in a few queries.

    Raises NotAllowed for other roles, Conflict when somebody registered a code meanwhile.
    """
    if by.role not in MAY_IMPORT:
        raise NotAllowed(_("学校由市级督学或市级管理员导入，您的账号不能做这一步。"))
    for change in changes:
        spell(change.instance)
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
                update_fields=(*CHANGEABLE, "sought"),
            )
    except IntegrityError as error:
        raise Conflict(_("导入时有学校刚被别人登记；请重新预览后再确认。")) from error
    codes = {change.instance.district.code for change in changes}
    place = codes.pop() if len(codes) == 1 else ""
    note_import(action="school.import", changes=changes, by=by, source=source, district_code=place)


def spell(school: School) -> None:
    """The words it is found by: how its name is read, and the initials of that."""
    school.sought = spelling.keys([school.name], [spelling.reading(school.name)])


def _as_insert(school: School) -> School:
    """The same school without its key, so that only the code can meet the existing row."""
    twin = copy.copy(school)
    twin._state = copy.copy(school._state)
    twin.pk, twin._state.adding = None, True
    return twin


def _may_keep(by: User | None, district: District) -> None:
    if by is None:
        return
    if by.role not in MAY_KEEP_SCHOOLS:
        raise NotAllowed(_("学校登记由填报员、市级督学或市级管理员维护，您的账号不能做这一步。"))
    if by.reach != CITY and by.district_id != district.pk:
        raise NotAllowed(_("您只能维护自己区县的学校登记。"))


def _read_cases(by: User | None, fields: dict[str, Any]) -> None:
    """Exceptions are granted by the city, each with its evidence."""
    if "special_cases" not in fields:
        return
    if by is not None and by.role not in MAY_GRANT:
        raise NotAllowed(_("特殊情形由市级督学或市级管理员登记，您的账号不能做这一步。"))
    fields["special_cases"], faults = special_cases.read(fields["special_cases"])
    if faults:
        raise Unusable.at("special_cases", faults[0].sentence)


def _refuse_others(fields: dict[str, Any], known: tuple[str, ...]) -> None:
    for name in fields:
        if name not in known:
            raise Unusable.at(name, _("学校登记里没有「%s」这一项。") % name)


def _check(school: School) -> None:
    """The model's own rules and those between schools, as one refusal naming every field."""
    check(school, unique=_("学校标识码 %s 已经登记，不能重复。") % school.code)
    check_attachment(school)


def check_attachment(school: School) -> None:
    """A teaching point belongs to a full school of its own district. Raises Unusable."""
    centre = school.attached_to
    if centre is None:
        return
    if centre.district_id != school.district_id:
        raise Unusable.at("attached_to", _("所属中心校应在同一个区县。"))
    if centre.code == school.code or centre.school_type == SchoolType.TEACHING_POINT:
        raise Unusable.at("attached_to", _("所属中心校不能是教学点或学校自己。"))


def _save(school: School) -> None:
    spell(school)
    try:
        with transaction.atomic():
            school.save()
    except IntegrityError as error:
        raise Conflict(_("学校标识码 %s 刚刚由别人登记。") % school.code) from error
