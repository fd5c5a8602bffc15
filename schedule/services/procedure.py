"""Keeps the steps of each year's procedure, and since when a unit has what comes before it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import check, fingerprint, record, revise, snapshot
from districts.models import User
from districts.roles import Role
from schedule.models import BasicBalance, CertificationStep
from schedule.services.reading import today

STEP_FIELDS = ("year", "order", "level", "name", "is_application", "is_announcement")
STEP_MEANING = ("year", "level", "is_application", "is_announcement")


def tag_of_step(step: CertificationStep) -> str:
    """Changes whenever the step says something else."""
    return fingerprint(step, *STEP_FIELDS)


@transaction.atomic
def create_step(*, by: User | None, **fields: Any) -> CertificationStep:
    """Add a step to a year. Raises NotAllowed for other roles, Unusable for doubled steps."""
    _may_keep_steps(by)
    step = CertificationStep(**fields)
    _check_step(step)
    step.save()
    record(action="step.create", by=by, on=step, changes=snapshot(step, *STEP_FIELDS))
    return step


@transaction.atomic
def update_step(
    *, step: CertificationStep, by: User | None, expected: str | None = None, **fields: Any
) -> CertificationStep:
    """Change a step. Once events rest on it, only its name and order may change."""
    _may_keep_steps(by)
    locked = CertificationStep.objects.select_for_update().get(pk=step.pk)
    if expected is not None and expected != tag_of_step(locked):
        raise Stale(_("环节刚被别人更改；请核对最新内容再保存。"))
    changes = revise(locked, fields, names=STEP_FIELDS, check=_check_step)
    # Events say what their step said when they were recorded.
    touched = [name for name in STEP_MEANING if name in changes]
    if touched and locked.events.exists():
        sentence = _("已有认定事件记在这个环节，只能改名称和次序。")
        raise Unusable(sentence, fields=dict.fromkeys(touched, sentence))
    if changes:
        locked.save()
        record(action="step.update", by=by, on=locked, changes=changes)
    return locked


def _may_keep_steps(by: User | None) -> None:
    if by is not None and by.role != Role.MANAGER:
        raise NotAllowed(_("认定环节由市级管理员维护，您的账号不能做这一步。"))


def _check_step(step: CertificationStep) -> None:
    check(step, unique_together=_("这一年已有同名或同次序的环节。"))


# -- 基本均衡, which comes three years before an application --------------------------------------

BALANCE_FIELDS = ("district", "passed_by", "list_year", "document_number", "source", "source_note")


def tag_of_balance(balance: BasicBalance) -> str:
    """Changes whenever the row says something else."""
    return fingerprint(balance, *BALANCE_FIELDS)


@transaction.atomic
def record_balance(*, by: User | None, **fields: Any) -> BasicBalance:
    """Add a unit's row, as a source tells. Raises NotAllowed for other roles, Unusable."""
    _may_keep_balances(by)
    balance = BasicBalance(**fields)
    _check_balance(balance)
    balance.save()
    changes = snapshot(balance, *BALANCE_FIELDS)
    record(
        action="balance.record",
        by=by,
        on=balance,
        district_code=balance.district.code,
        changes=changes,
    )
    return balance


@transaction.atomic
def correct_balance(
    *,
    balance: BasicBalance,
    by: User | None,
    reason: str,
    expected: str | None = None,
    **fields: Any,
) -> BasicBalance:
    """Correct a unit's row, with a reason."""
    _may_keep_balances(by)
    Unusable.check({"reason": fault_of_required(reason, _("请写明更正的原因。"))})
    locked = BasicBalance.objects.select_for_update().get(pk=balance.pk)
    if expected is not None and expected != tag_of_balance(locked):
        raise Stale(_("这一行刚被别人更正；请取回最新内容再改。"))
    changes = revise(locked, fields, names=BALANCE_FIELDS, check=_check_balance)
    if changes:
        locked.save()
        code = locked.district.code
        record(
            action="balance.correct",
            by=by,
            on=locked,
            district_code=code,
            changes=changes,
            reason=reason,
        )
    return locked


def _may_keep_balances(by: User | None) -> None:
    if by is not None and by.role != Role.MANAGER:
        raise NotAllowed(_("基本均衡认定由市级管理员登记，您的账号不能做这一步。"))


def _check_balance(balance: BasicBalance) -> None:
    check(balance, unique=_("这个单位已经登记过。"))
    if balance.passed_by > today():
        raise Unusable.at("passed_by", _("日期还没有到；请填写已经过去的日期。"))
    if not (balance.source or balance.document_number):
        raise Unusable.at("source", _("请写明来源网址或文号。"))
