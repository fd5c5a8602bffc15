"""Opens the year's self-checks, sets the days they are due, closes those of abolished units."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import differences, record, snapshot
from districts.models import District, Succession, User
from districts.roles import DISTRICT_ROLES, Role
from districts.scope import CITY
from districts.wording import day_text
from selfchecks import clock
from selfchecks.models import Deadline, SelfCheck, State
from selfchecks.models.self_check import AT_DISTRICT
from selfchecks.services.governing import standard_for
from selfchecks.services.notices import people_of, post
from selfchecks.services.steps import take_step

MAY_OPEN = (Role.INSPECTOR, Role.MANAGER)
FIRST_YEAR, LAST_YEAR = 2015, 2035


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a year did: self-checks that are new, and how many were there before."""

    deadline: Deadline
    new: tuple[SelfCheck, ...]
    existing: int


@dataclass(frozen=True, slots=True)
class Move:
    """What moving the due date would do: how many follow, how many are overdue at once, how many
    keep the day they have because they are submitted, approved or have a day of their own."""

    following: int
    overdue: int
    keeping: int


@transaction.atomic
def open_year(
    *,
    year: int,
    due_on: date,
    fill_from: date,
    by: User,
    districts: Iterable[District] | None = None,
    is_demo: bool = False,
) -> Opened:
    """Set the year's days and open a self-check for every unit that exists then.

    Opening again adds units that are new and leaves the others as they are.
    """
    deadline = set_deadline(year=year, due_on=due_on, fill_from=fill_from, by=by)
    if districts is None:
        districts = preview_opening(year=year, fill_from=fill_from)
    there = set(SelfCheck.objects.filter(year=year).values_list("district_id", flat=True))
    new = tuple(
        _open(district, deadline, by, is_demo) for district in districts if district.pk not in there
    )
    return Opened(deadline, new, len(there))


def preview_opening(*, year: int, fill_from: date) -> QuerySet[District]:
    """The units a self-check would be opened for: those there are then that have none."""
    units = District.objects.valid_on(fill_from).order_by("code")
    return units.exclude(pk__in=SelfCheck.objects.filter(year=year).values("district"))


@transaction.atomic
def set_deadline(
    *, year: int, due_on: date, fill_from: date, by: User, reason: str = ""
) -> Deadline:
    """Set or move the year's days; self-checks still with a district follow and are told.

    Those submitted or approved, and those reopened with a day of their own, keep theirs. Raises
    Unusable for days out of order, or when days are moved without a reason.
    """
    _refuse_unless(by, MAY_OPEN)
    refuse_bad_days(year, due_on, fill_from)
    deadline = Deadline.objects.select_for_update().filter(year=year).first()
    if deadline is None:
        deadline = Deadline.objects.create(year=year, due_on=due_on, fill_from=fill_from)
        record(action="deadline.set", by=by, on=deadline, changes=snapshot(deadline))
    elif (deadline.due_on, deadline.fill_from) != (due_on, fill_from):
        _move(deadline, due_on, fill_from, by, reason.strip())
    return deadline


def preview_move(*, deadline: Deadline, due_on: date) -> Move:
    """What moving a year's due date would do today; writes nothing."""
    following = _followers(deadline).count()
    return Move(
        following=following,
        overdue=following if due_on < timezone.localdate() else 0,
        keeping=SelfCheck.objects.filter(year=deadline.year).count() - following,
    )


def _followers(deadline: Deadline) -> QuerySet[SelfCheck]:
    return SelfCheck.objects.filter(
        year=deadline.year, due_on=deadline.due_on, state__in=AT_DISTRICT
    )


def _move(deadline: Deadline, due_on: date, fill_from: date, by: User, reason: str) -> None:
    wanted = _("%s 年度的期限已经设定；要改动，请写明原因，各区县会看到。") % deadline.year
    Unusable.check({"reason": fault_of_required(reason, wanted)}, code="required")
    before = snapshot(deadline, "due_on", "fill_from")
    rows = _followers(deadline).select_for_update(of=("self",)).select_related("district")
    followers = list(rows)
    moved = SelfCheck.objects.filter(pk__in=[row.pk for row in followers])
    moved.update(due_on=due_on, fill_from=fill_from, version=F("version") + 1)
    old_due_on, deadline.due_on, deadline.fill_from = deadline.due_on, due_on, fill_from
    deadline.save()
    changes = differences(before, snapshot(deadline, "due_on", "fill_from"))
    record(action="deadline.move", by=by, on=deadline, changes=changes, reason=reason)
    if due_on != old_due_on:
        for row in followers:
            _tell_of_move(row, old_due_on, due_on, by, reason)


def _tell_of_move(row: SelfCheck, before: date, due_on: date, by: User, reason: str) -> None:
    post(
        kind="deadline_moved",
        self_check=row,
        to=people_of(row, DISTRICT_ROLES),
        key=str(row.version + 1),
        by=by,
        before=before.isoformat(),
        due_on=due_on.isoformat(),
        comment=reason,
    )


def _refuse_unless(by: User, roles: tuple[Role, ...]) -> None:
    if by.role not in roles:
        raise NotAllowed(_("开启自查、设定期限由市级督学或市级管理员进行，您的账号不能做这一步。"))


def refuse_bad_days(year: int, due_on: date, fill_from: date) -> None:
    """Raises Unusable for a year out of reach, or days out of order."""
    faults = {}
    if not FIRST_YEAR <= year <= LAST_YEAR:
        faults["year"] = _("年度应在 %(first)s 到 %(last)s 之间，现在是 %(year)s。") % {
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
            "year": year,
        }
    if due_on < fill_from:
        faults["due_on"] = _("报送截止日 %(due_on)s早于开始填报日 %(fill_from)s。") % {
            "due_on": day_text(due_on),
            "fill_from": day_text(fill_from),
        }
    Unusable.check(faults)


@transaction.atomic
def open_self_check(*, district: District, year: int, by: User) -> SelfCheck:
    """Open one unit's self-check; its own people may once the year's days are set.

    Raises Conflict when it is open already or no days are set, NotAllowed for other people.
    """
    is_own = by.role in DISTRICT_ROLES and by.district_id == district.pk
    if not (is_own or (by.role in MAY_OPEN and by.reach == CITY)):
        raise NotAllowed(_("这个区县的自查不由您的账号开启。"))
    deadline = Deadline.objects.select_for_update().filter(year=year).first()
    if deadline is None:
        raise Conflict(_("%s 年度的填报期限还没有设定；请联系市级管理员。") % year)
    if SelfCheck.objects.filter(district=district, year=year).exists():
        raise Conflict(
            _("%(name)s %(year)s 年度自查已经开启，没有重复开启。")
            % {"name": district, "year": year}
        )
    if not district.exists_on(deadline.fill_from):
        raise Conflict(_("%s在这一年度的填报期间不存在或已撤并。") % district)
    return _open(district, deadline, by, is_demo=False)


def _open(district: District, deadline: Deadline, by: User, is_demo: bool) -> SelfCheck:
    now = clock.now()
    self_check = SelfCheck.objects.create(
        district=district,
        year=deadline.year,
        standard=standard_for(deadline.fill_from),
        fill_from=deadline.fill_from,
        due_on=deadline.due_on,
        opened_at=now,
        changed_at=now,
        is_demo=is_demo,
    )
    record(
        action="self_check.open",
        by=by,
        on=self_check,
        district_code=district.code,
        changes=snapshot(self_check, "year", "fill_from", "due_on"),
    )
    post(
        kind="opened",
        self_check=self_check,
        to=people_of(self_check, DISTRICT_ROLES),
        key="1",
        by=by,
        due_on=self_check.due_on.isoformat(),
    )
    return self_check


def close_after(succession: Succession, by: User) -> Iterator[str]:
    """Close what an abolished unit had not finished; its people and the inspectors are told."""
    rows = SelfCheck.objects.filter(district=succession.predecessor).order_by("year")
    for self_check in rows.exclude(state__in=(State.APPROVED, State.CLOSED)):
        was = self_check.get_state_display()
        take_step(self_check=self_check, step="close", by=by, comment=succession.description)
        facts = {"reference": self_check.reference, "state": was}
        yield gettext("自查 %(reference)s（现在「%(state)s」）终止，并通知该区县") % facts
