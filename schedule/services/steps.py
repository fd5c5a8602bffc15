"""Keeps the steps of each year's procedure; what events rest on keeps its meaning."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import differences, fingerprint, record, snapshot
from districts.models import User
from districts.roles import Role
from schedule.models import CertificationStep

FIELDS = ("year", "order", "level", "name", "is_announcement")
MEANING = ("year", "level", "is_announcement")


def tag_of(step: CertificationStep) -> str:
    """Changes whenever the step says something else."""
    return fingerprint(step, *FIELDS)


@transaction.atomic
def create_step(*, by: User | None, **fields: Any) -> CertificationStep:
    """Add a step to a year. Raises NotAllowed for other roles, Unusable for doubled steps."""
    _may_keep(by)
    step = CertificationStep(**fields)
    _check(step)
    step.save()
    record(action="step.create", by=by, on=step, changes=snapshot(step, *FIELDS))
    return step


@transaction.atomic
def update_step(
    *, step: CertificationStep, by: User | None, expected: str | None = None, **fields: Any
) -> CertificationStep:
    """Change a step. Once events rest on it, only its name and order may change."""
    _may_keep(by)
    locked = CertificationStep.objects.select_for_update().get(pk=step.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("环节刚被别人更改;请核对最新内容再保存。"))
    before = snapshot(locked, *FIELDS)
    for name in FIELDS:
        setattr(locked, name, fields.get(name, getattr(locked, name)))
    changes = differences(before, snapshot(locked, *FIELDS))
    _check(locked)
    _keep_meaning(locked, changes)
    if changes:
        locked.save()
        record(action="step.update", by=by, on=locked, changes=changes)
    return locked


def _may_keep(by: User | None) -> None:
    if by is not None and by.role != Role.MANAGER:
        raise NotAllowed(_("认定环节由市级管理员维护,您的账号不能做这一步。"))


def _keep_meaning(step: CertificationStep, changes: dict[str, Any]) -> None:
    touched = [name for name in MEANING if name in changes]
    if touched and step.events.exists():
        sentence = _("已有认定事件记在这个环节,只能改名称和次序。")
        raise Unusable(sentence, fields=dict.fromkeys(touched, sentence))


def _check(step: CertificationStep) -> None:
    try:
        step.full_clean()
    except ValidationError as error:
        problems = {
            name: str(found[0].messages[0])
            for name, found in error.error_dict.items()
            if name != "__all__"
        } or {"name": str(_("这一年已有同名或同次序的环节。"))}
        raise Unusable(next(iter(problems.values())), fields=problems) from error
