"""Scenarios: kept under a name beside a self-check, renamed, archived, never deleted."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import check, record, snapshot
from districts.models import User
from districts.roles import DISTRICT_ROLES
from improvement.models import Scenario
from selfchecks import clock
from selfchecks.models import SelfCheck

MAY_PLAN = DISTRICT_ROLES
SAID = ("name", "note", "changes")


def create(
    *,
    self_check: SelfCheck,
    name: str,
    by: User,
    note: str = "",
    changes: Sequence[Any] = (),
) -> Scenario:
    """A new scenario. Raises NotAllowed, Unusable for a name that is missing or in use."""
    refuse_unless_planner(self_check, by)
    with transaction.atomic():
        locked = SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
        last = locked.scenarios.aggregate(last=Max("number"))["last"] or 0
        row = Scenario(
            self_check=self_check,
            number=last + 1,
            name=name.strip(),
            note=note.strip(),
            changes=[*changes],
            author=by,
            created_at=clock.now(),
        )
        _refuse_name(row)
        check(row)
        row.save()
        _record("scenario.create", row, by)
    return row


def archive(*, scenario: Scenario, by: User) -> None:
    """Out of the way, and its name free again. Raises NotAllowed, Conflict."""
    refuse_unless_planner(scenario.self_check, by)
    with transaction.atomic():
        in_use = Scenario.objects.filter(pk=scenario.pk, archived_at=None)
        if not in_use.update(archived_by=by, archived_at=clock.now()):
            raise Conflict(_("这个假设方案已经归档。"))
        scenario.refresh_from_db()
        _record("scenario.archive", scenario, by)


def refuse_unless_planner(self_check: SelfCheck, by: User) -> None:
    """Plans and scenarios are made by the district's own people."""
    if by.role not in MAY_PLAN or by.district_id != self_check.district_id:
        raise NotAllowed(_("增配方案和假设方案由本区县的填报员和审签人制作。"))


def _refuse_name(row: Scenario) -> None:
    others = row.self_check.scenarios.filter(name=row.name, archived_at=None)
    taken = others.exclude(pk=row.pk).exists()
    fault = _("这份自查已有叫这个名称的假设方案。") if taken else None
    Unusable.check({"name": fault if row.name else _("请写明名称。")})


def _record(action: str, row: Scenario, by: User) -> None:
    code = row.self_check.district.code
    record(action=action, by=by, on=row, district_code=code, changes=snapshot(row, *SAID))
