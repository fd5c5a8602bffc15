"""Carries a reorganisation out in one step that can be looked at first, and takes it back.

The unit's end and its schools are kept here. Rooms above are asked to do their part, such as
closing self-checks, and to count: each lends a function when it starts.
"""

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, Stale, Unusable
from districts.models import FormerHome, School, Succession, Township, User
from districts.models.succession import SuccessionKind
from districts.services import schools, units
from districts.wording import day_text

# What a room above does when a unit has ended: it says each thing it did.
followers: list[Callable[[Succession, User], Iterable[str | Promise]]] = []
# What a room above counts: name → figure, before and after.
counters: list[Callable[[], dict[str, str]]] = []


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, or would be. ``undecided`` schools have no known street and stay;
    ``detached`` teaching points lose a centre that is in another unit now."""

    succession: Succession
    ended_on: date | None
    moved: tuple[School, ...]
    undecided: tuple[School, ...]
    detached: tuple[School, ...]
    followed: tuple[str, ...]
    totals: tuple[tuple[str, str, str], ...]

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the record itself changes."""
        return not (self.ended_on or self.moved or self.detached or self.followed)

    @property
    def tag(self) -> str:
        """Changes when doing it would do something else than the reader saw."""
        places = [[school.code for school in group] for group in (self.moved, self.undecided)]
        one = self.succession
        what = (one.predecessor.code, one.successor.code, one.date, one.kind, self.ended_on)
        return sha256(repr((what, places, self.followed, self.totals)).encode()).hexdigest()


def foresee(*, succession: Succession, by: User) -> Outcome:
    """What :func:`reorganise` would do: it is done, looked at, and undone."""
    with transaction.atomic():
        outcome = reorganise(succession=copy.copy(succession), by=by)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def reorganise(*, succession: Succession, by: User, expected: str | None = None) -> Outcome:
    """Record the succession unless it is, end the unit, move its schools, let rooms above follow.

    A transfer ends nothing. What is done already stays as it is, so that schools can follow later,
    once their streets are known. Raises Stale when ``expected`` is not the :attr:`Outcome.tag`.
    """
    before = _totals()
    succession = _recorded(succession, by)
    ended_on = _end(succession, by)
    moving, undecided = _sorted_schools(succession)
    detached = _move(succession, moving, by)
    followed = tuple(
        str(said)
        for follow in followers
        if succession.ends_predecessor
        for said in follow(succession, by)
    )
    after = _totals()
    totals = tuple((name, figure, after.get(name, "")) for name, figure in before.items())
    outcome = Outcome(
        succession, ended_on, tuple(moving), tuple(undecided), tuple(detached), followed, totals
    )
    if expected not in (None, outcome.tag):
        raise Stale(_("您查看影响之后情况有了变化；请重新查看影响再确认。"))
    return outcome


def _recorded(asked: Succession, by: User) -> Succession:
    if asked.date > units.today():
        raise Unusable.at("date", _("%s还没有到；区划调整到当天再登记。") % day_text(asked.date))
    if asked.pk is None:
        facts = {name: getattr(asked, name) for name in units.RECORDED if name != "date"}
        return units.record_succession(day=asked.date, by=by, **facts)
    units.may_keep(by)
    found = Succession.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if found.withdrawn_on:
        raise Conflict(_("这项区划调整已经撤回。"))
    return found


def _end(succession: Succession, by: User) -> date | None:
    unit, last_day = succession.predecessor, succession.last_day
    if not succession.ends_predecessor or unit.valid_to == last_day:
        return None
    if unit.valid_to:
        sentence = _("%(unit)s已于 %(day)s终止，与调整的日期不符；请核对。")
        facts = {"unit": unit, "day": day_text(unit.valid_to)}
        raise Unusable.at("date", sentence % facts)
    succession.predecessor = units.update_district(district=unit, by=by, valid_to=last_day)
    return last_day


def _sorted_schools(succession: Succession) -> tuple[list[School], list[School]]:
    """Those that go to the successor, and those whose street says nothing."""
    unit, day = succession.predecessor, succession.date
    # A register that ended with its unit goes on in the next one.
    first = succession.last_day if succession.ends_predecessor else day
    register = list(unit.schools.exclude(valid_to__lt=first).order_by("code"))
    if succession.kind in (SuccessionKind.WHOLE, SuccessionKind.REPLACED):
        return register, []
    beside = Succession.objects.filter(predecessor=unit, date=day, withdrawn_on=None)
    heirs = [unit.pk, *beside.values_list("successor", flat=True)]
    rows = Township.objects.filter(district__in=heirs, valid_from__lte=day)
    known = {name: district for name, district in rows.values_list("name", "district")}
    moving = [one for one in register if known.get(one.township) == succession.successor_id]
    return moving, [one for one in register if one.township not in known]


def _move(succession: Succession, moving: Sequence[School], by: User) -> list[School]:
    """Move the schools, centres before their points; returns the points left without centre."""
    target, last_day = succession.successor, succession.last_day
    gone = {school.pk for school in moving}
    detached = []
    for school in sorted(moving, key=lambda school: school.attached_to_id is not None):
        facts: dict[str, Any] = {"district": target}
        if school.valid_to == last_day:
            facts["valid_to"] = None
        if school.attached_to_id and school.attached_to_id not in gone:
            facts["attached_to"] = None
            detached.append(school)
        # Before the entry, so that it seals both.
        FormerHome.objects.create(school=school, district=succession.predecessor, valid_to=last_day)
        schools.update_school(school=school, by=by, **facts)
    left = School.objects.filter(attached_to__in=gone).exclude(pk__in=gone)
    for point in left.exclude(district=target):
        schools.update_school(school=point, by=by, attached_to=None)
        detached.append(point)
    return detached


def _totals() -> dict[str, str]:
    return {name: figure for count in counters for name, figure in count().items()}


@transaction.atomic
def withdraw(*, succession: Succession, by: User, reason: str) -> int:
    """Take back what was recorded by mistake: the unit goes on, its schools return; says how many.

    Closed self-checks are opened again by hand, each with its new due date.
    """
    units.may_keep(by)
    Unusable.check({"reason": fault_of_required(reason, _("请写明撤回的原因。"))}, code="required")
    locked = _recorded(succession, by)
    locked.withdrawn_on = units.today()
    locked.save()
    unit, last_day = locked.predecessor, locked.last_day
    others = Succession.objects.filter(predecessor=unit, date=locked.date, withdrawn_on=None)
    goes_on = not any(other.ends_predecessor for other in others)
    if locked.ends_predecessor and unit.valid_to == last_day and goes_on:
        units.update_district(district=unit, by=by, valid_to=None)
    homes = FormerHome.objects.filter(district=unit, valid_to=last_day)
    back = homes.filter(school__district=locked.successor).select_related("school")
    returning = sorted(back, key=lambda home: home.school.attached_to_id is not None)
    for home in returning:
        home.delete()
        schools.update_school(school=home.school, by=by, district=unit)
    kept = {"withdrawn_on": [None, locked.withdrawn_on], "schools": len(returning)}
    facts = {"changes": kept, "reason": reason.strip()}
    units.note_succession(action="succession.withdraw", on=locked, by=by, **facts)
    return len(returning)
