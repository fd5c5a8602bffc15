"""Keeps the units: adds one, changes what is known about one, records who follows whom."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.results import RowResult

from audit import services as audit
from audit.reasons import fault_of_required
from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import fingerprint, record, revise, settable, snapshot
from districts import spelling
from districts.models import District, FormerName, Succession, Township, User
from districts.models.district import NAMES
from districts.roles import Role
from districts.wording import day_text

CHANGEABLE = settable(District, but=("code",))
NO_TILE = _("请填写方格的列和行；不在规划里的单位填现行方格。")
RECORDED = settable(Succession)
MAY_IMPORT = (Role.MANAGER,)
REGISTERED = ("code", *CHANGEABLE)


class Source(NamedTuple):
    """The file the rows came from."""

    name: str
    sha256: str


def today() -> date:
    """Today in the portal's time zone."""
    return timezone.localdate()


def tag_of(district: District) -> str:
    """Changes whenever something else is known about the unit."""
    return fingerprint(district, *REGISTERED)


@transaction.atomic
def create_district(*, by: User | None, **fields: Any) -> District:
    """Add a unit. Raises NotAllowed for other roles, Unusable (with ``fields``) for bad values."""
    may_keep(by)
    district = District(**fields)
    check(district)
    spell(district)
    district.save()
    note(action="district.create", by=by, on=district, changes=snapshot(district, *REGISTERED))
    return district


@transaction.atomic
def update_district(
    *, district: District, by: User | None, expected: str | None = None, **fields: Any
) -> District:
    """Change what is known about a unit; its code stays. No change, no entry.

    ``expected`` is the :func:`tag_of` the reader last saw: Stale when it has changed since.
    """
    may_keep(by)
    locked = District.objects.select_for_update().get(pk=district.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("%s的资料刚被别人更改；请核对最新内容再保存。") % locked.name)
    changes = revise(locked, fields, names=CHANGEABLE, check=check)
    if changes:
        spell(locked)
        locked.save()
        note(action="district.update", by=by, on=locked, changes=changes)
    return locked


@transaction.atomic
def rename_district(
    *,
    district: District,
    day: date,
    reason: str,
    by: User | None,
    expected: str | None = None,
    **names: str,
) -> District:
    """Give a unit new names from a day on; days before go on showing the old ones.

    ``names`` are those of :data:`districts.models.district.NAMES` that change.
    """
    may_keep(by)
    faults = {"reason": fault_of_required(reason, _("请写明改名的原因。"))}
    faults["renamed_on"] = _fault_of_renaming(district, day)
    Unusable.check(faults)
    before = {name: getattr(District.objects.get(pk=district.pk), name) for name in NAMES}
    renamed = update_district(district=district, by=by, expected=expected, **names)
    if before == {name: getattr(renamed, name) for name in NAMES}:
        raise Unusable.at("name", _("名称没有变化；请填写新的名称。"))
    former = FormerName.objects.create(
        district=renamed,
        valid_to=day - timedelta(days=1),
        reason=reason.strip(),
        known_on=today(),
        **before,
    )
    spell(renamed)
    renamed.save(update_fields=("sought",))
    kept = {"names": before, "valid_to": former.valid_to, "known_on": former.known_on}
    note(action="district.rename", by=by, on=renamed, changes=kept, reason=former.reason)
    return renamed


def _fault_of_renaming(district: District, day: date) -> Any:
    if day > today() or not district.exists_on(day):
        return _("%s还没有到，或单位那天不存在；请核对新名称的启用日。") % day_text(day)
    last = district.former_names.order_by("-valid_to").first()
    if last and day <= last.valid_to + timedelta(days=1):
        return _("上一次改名在 %s；这次应在那以后。") % day_text(last.valid_to + timedelta(days=1))
    return None


@transaction.atomic
def add_township(*, by: User | None, **facts: Any) -> Township:
    """Say that a street or town belongs to a unit from a day on."""
    may_keep(by)
    township = Township(**facts)
    audit.check(township, unique_together=_("这个街镇已经登记在这个区县。"))
    township.save()
    note(action="township.add", by=by, on=township, changes=snapshot(township))
    return township


@transaction.atomic
def record_succession(
    *, predecessor: District, successor: District, day: date, by: User | None, **facts: Any
) -> Succession:
    """Record that one unit, or part of it, went to another. Who inherits the plan stays open.

    ``facts`` are kind, description and, where known, the others of :data:`RECORDED`. Raises
    NotAllowed for other roles, Unusable when the two units or the day cannot be.
    """
    may_keep(by)
    told = {name: text.strip() if isinstance(text, str) else text for name, text in facts.items()}
    told["known_on"] = told.get("known_on") or today()
    succession = Succession(predecessor=predecessor, successor=successor, date=day, **told)
    _check_succession(succession)
    succession.save()
    kept = ("date", "kind", "description", "successor")
    note_succession(
        action="succession.record", on=succession, by=by, changes=snapshot(succession, *kept)
    )
    return succession


@transaction.atomic
def correct_succession(
    *, succession: Succession, by: User | None, reason: str, **fields: Any
) -> Succession:
    """Change what was recorded, or how it is counted, with a reason. No change, no entry."""
    may_keep(by)
    Unusable.check({"reason": fault_of_required(reason, _("请写明更正的原因。"))}, code="required")
    locked = Succession.objects.select_for_update(of=("self",)).get(pk=succession.pk)
    changes = revise(locked, fields, names=RECORDED, check=_check_succession)
    if changes:
        locked.save()
        note_succession(
            action="succession.correct", on=locked, by=by, changes=changes, reason=reason.strip()
        )
    return locked


def _check_succession(succession: Succession) -> None:
    successor = succession.successor
    if succession.predecessor_id == successor.pk:
        raise Unusable.at("successor", _("承接单位不能是原单位自己。"))
    if not successor.exists_on(succession.date):
        raise Unusable.at("successor", _("%s在这一天还不存在或已撤并。") % successor)
    told = {name: getattr(succession, name) for name in ("predecessor", "successor", "date")}
    twins = Succession.objects.filter(withdrawn_on=None, **told).exclude(pk=succession.pk)
    if twins.exists():
        raise Unusable.at("date", _("这一天的这项区划调整已经登记。"))
    audit.check(succession)


def note_succession(*, action: str, on: Succession, by: User | None, **more: Any) -> None:
    """An entry that both units find."""
    record(
        action=action,
        by=by,
        on=on,
        district_code=on.predecessor.code,
        other_district_code=on.successor.code,
        **more,
    )


@transaction.atomic
def keep_districts(*, changes: Sequence[RowResult], by: User, source: Source) -> None:
    """Store new and changed units; each is checked as if entered by hand."""
    if by.role not in MAY_IMPORT:
        raise NotAllowed(_("区县由市级管理员导入，您的账号不能做这一步。"))
    for change in changes:
        district: District = change.instance
        check(district)
        spell(district)
        district.save()
    note_import(action="district.import", changes=changes, by=by, source=source)


def note(*, action: str, by: User | None, on: Any, **more: Any) -> None:
    """An entry about a unit, or about what belongs to one or to none."""
    unit = on if isinstance(on, District) else on.district
    record(action=action, by=by, on=on, district_code=unit.code if unit else "", **more)


def note_import(
    *, action: str, changes: Sequence[RowResult], by: User, source: Source, district_code: str = ""
) -> None:
    """One entry for the whole file: what is new, and what was there before."""
    altered = {
        change.instance.code: {header: [before, after] for header, before, after in change.values}
        for change in changes
        if not change.is_new()
    }
    added = [change.instance.code for change in changes if change.is_new()]
    counts = {"new": len(added), "changed": len(altered)}
    facts = {"file": source.name, "sha256": source.sha256, **counts}
    kept = {**facts, "added": added, "altered": altered}
    record(action=action, by=by, district_code=district_code, changes=kept)


def may_keep(by: User | None) -> None:
    """Raises NotAllowed unless this person keeps the units."""
    if by is not None and by.role != Role.MANAGER:
        raise NotAllowed(_("区县资料由市级管理员维护，您的账号不能做这一步。"))


def spell(district: District) -> None:
    """How it is read, unless that was typed, and every word that finds it, former names too."""
    stored = District.objects.filter(pk=district.pk).values_list("name", "reading").first()
    is_stale = stored and stored[0] != district.name and stored[1] == district.reading
    if is_stale or not district.reading:
        district.reading = spelling.reading(district.name)
    former = [old.name for old in district.former_names.all()] if district.pk else []
    names = [district.name, district.full_name, district.english_name, district.code, *former]
    district.sought = spelling.keys(names, [district.reading, *map(spelling.reading, former)])


def check(district: District) -> None:
    """The rules of one unit, as one refusal naming every field."""
    others = District.objects.filter(name=district.name).exclude(pk=district.pk)
    if district.distinction in others.values_list("distinction", flat=True):
        sentence = _("已有名为「%s」的区县；同名的单位请在「同名区分」里写明区别。")
        raise Unusable.at("name", sentence % district.name)
    if district.tile_column is None and district.current_tile_column is None:
        raise Unusable.at("tile_column", NO_TILE)
    audit.check(district, unique_together=_("这个方格已有别的单位，请换一个空的列和行。"))
