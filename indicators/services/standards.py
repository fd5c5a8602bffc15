"""The life of a version: drafted from another, published and frozen, retired; never edited."""

from collections.abc import Callable
from itertools import chain
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import fingerprint, record
from districts.models import User
from districts.roles import Role
from indicators.calculation.rules import ENGINES, settings_of
from indicators.models import Amendment, Indicator, OpenPoint, SpecialCase, Standard, Threshold
from indicators.models.standard import Status

from .fixtures import numbers_of_later_engines
from .rules import SETTINGS, rules_of

# What may change in a draft, per kind of row.
FIELDS: dict[type, tuple[str, ...]] = {
    Standard: (
        *("title", "english_title", "document_number", "source", "source_note", "checked_on"),
        *("effective_from", "effective_to"),
        *("floor_ratio", "required_met", "dispersion_limit_primary", "dispersion_limit_junior"),
        *("weighting", "shown_digits", "point_limit", "point_comparison", "attached_points"),
        *("training_accounts", "monitored_subjects", "split_weights", "exempt_types"),
        *("coefficient_digits", "rate_digits", "nearby_intake_by", "optional_veto"),
        *("cases_from", "cases_until", "procedure"),
    ),
    Indicator: ("name", "english_name", "wording", "english_wording", "source"),
    Threshold: ("label", "english_label", "value"),
    SpecialCase: (
        *("wording", "english_wording", "parameters"),
        *("is_enabled", "needs_end_year", "source"),
    ),
    OpenPoint: (
        *("question", "english_question", "default", "english_default"),
        *("note", "english_note"),
    ),
    Amendment: (
        *("wording", "english_wording", "since", "confidence", "document_number"),
        *("source", "source_note", "english_source_note", "checked_on"),
    ),
}


def fields_of(row: Any) -> tuple[str, ...]:
    """What may change in this row: settings its version's calculation does not read may not."""
    names = FIELDS[type(row)]
    if not isinstance(row, Standard):
        return names
    known = settings_of(row.engine)
    return tuple(name for name in names if name in known or name not in SETTINGS)


def standard_of(row: Any) -> Standard:
    """The version itself, or the one a row belongs to."""
    return row if isinstance(row, Standard) else cast("Standard", row.standard)


def row_tag(row: Any) -> str:
    """What a reader saw of a row: changes whenever it says something else."""
    return fingerprint(row, *FIELDS[type(row)])


def content_tag(standard: Standard) -> str:
    """What a reader saw of a version: changes whenever anything in it does."""
    rows = (
        *(standard.indicators.all(), standard.special_cases.all(), standard.open_points.all()),
        standard.amendments.all(),
        Threshold.objects.filter(indicator__standard=standard).order_by("pk"),
    )
    return fingerprint(Standard.objects.get(pk=standard.pk), extra=map(row_tag, chain(*rows)))


def may_keep(by: User | None) -> None:
    """Raises NotAllowed unless the person keeps the standard; None is the installation itself."""
    if by is not None and by.role != Role.MANAGER:
        raise NotAllowed(_("标准由市级管理员维护，您的账号不能做这一步。"))


def locked_draft(standard: Standard) -> Standard:
    """The version, locked for a change. Raises Conflict unless it is a draft."""
    locked = Standard.objects.select_for_update().filter(pk=standard.pk).first()
    if locked is None:
        raise Conflict(_("这份草稿刚被别人删除。"), code="gone")
    if locked.status != Status.DRAFT:
        raise Conflict(
            _("标准 %s 已发布，不再更改；需要调整时由它起草新的一版。") % locked.code, code="frozen"
        )
    return locked


@transaction.atomic
def draft_from(
    *, standard: Standard, code: str, reason: str, by: User | None, title: str = ""
) -> Standard:
    """A draft with everything the version says, to be changed and published as a new version.

    It is written for the newest engine; what that reads in addition has the value of today.
    Raises NotAllowed for other roles, Unusable for a taken or unreadable code and no reason.
    """
    may_keep(by)
    _check_code(code)
    _need("reason", reason, _("请写明起草新版的原因。"))
    draft = Standard.objects.get(pk=standard.pk)
    draft.pk, draft.code, draft.title = None, code.strip(), title.strip()[:120] or draft.title
    draft.status, draft.published_at, draft.published_by = Status.DRAFT, None, None
    draft.based_on, draft.reason = standard, reason.strip()
    draft.effective_from = draft.effective_to = None
    draft.engine = ENGINES[-1]
    draft._state.adding = True
    draft.save(force_insert=True)
    _copy_content(standard, draft)
    changes = {"based_on": standard.code}
    record(action="standard.draft", by=by, on=draft, changes=changes, reason=draft.reason)
    return draft


def _check_code(code: str) -> None:
    text = code.strip()
    try:
        Standard._meta.get_field("code").clean(text, None)
    except ValidationError as error:
        raise _refuse(
            "code", _("代码「%s」不能用；只用字母、数字、点和短横，不超过 20 个。") % code
        ) from error
    if text.endswith(".0"):
        raise _refuse("code", _("「%s」留给这一组标准的第一版；请换一个代码。") % text)
    if Standard.objects.filter(code=text).exists():
        raise _refuse("code", _("已有代码为「%s」的版本；请换一个。") % text)


def _need(field: str, text: Any, sentence: Any) -> None:
    if not text or (isinstance(text, str) and not text.strip()):
        raise _refuse(field, sentence)


def _refuse(field: str, sentence: Any) -> Unusable:
    return Unusable(sentence, fields={field: sentence})


def _copy_content(source: Standard, draft: Standard) -> None:
    copies: dict[int, Indicator] = {}
    for indicator in source.indicators.all():
        copies[indicator.pk] = _copied(indicator, standard=draft)
    Indicator.objects.bulk_create(copies.values())
    thresholds = Threshold.objects.filter(indicator__standard=source)
    numbers = [_copied(row, indicator=copies[row.indicator_id]) for row in thresholds]
    Threshold.objects.bulk_create([*numbers, *numbers_of_later_engines(numbers, copies.values())])
    SpecialCase.objects.bulk_create(
        _copied(row, standard=draft, indicator=copies[row.indicator_id])
        for row in source.special_cases.all()
    )
    OpenPoint.objects.bulk_create(_copied(row, standard=draft) for row in source.open_points.all())


def _copied(row: Any, **parents: Any) -> Any:
    fields = model_to_dict(row, exclude=("id", *parents))
    return type(row)(**fields, **parents)


@transaction.atomic
def publish(*, standard: Standard, reason: str, by: User | None, expected: str = "") -> Standard:
    """Put a draft in force from its 施行日 on; from now on nothing in it changes.

    ``expected`` is the :func:`content_tag` whose impact was shown: Stale when the draft says
    something else by now. Raises Unusable without a reason or a 施行日, or for unusable numbers.
    """
    may_keep(by)
    locked = locked_draft(standard)
    if expected and expected != content_tag(locked):
        raise Stale(_("您查看影响之后，草稿又有改动；请重新查看影响。"))
    _need("reason", reason, _("请写明发布的原因。"))
    _need("effective_from", locked.effective_from, _("请先在草稿上填写施行日。"))
    refuse_unusable(locked, _("草稿还不能发布：%s。"))
    locked.status, locked.published_at, locked.published_by = Status.PUBLISHED, timezone.now(), by
    locked.save()
    record(action="standard.publish", by=by, on=locked, reason=reason.strip())
    _follow(locked, by)
    return locked


def published_standards_go_to(follow: Callable[[Standard, User | None], object]) -> None:
    """Let the room whose work is judged by the standard take up a new version at once."""
    global _follow
    _follow = follow


_follow: Callable[[Standard, User | None], object] = lambda standard, by: None  # noqa: E731


def refuse_unusable(standard: Standard, sentence: Any) -> None:
    """What a draft says must make rules at every moment, so that its impact can be shown."""
    try:
        rules_of(Standard.objects.get(pk=standard.pk))
    except ValueError as error:
        raise Unusable(sentence % error, code="unusable_rules") from error


@transaction.atomic
def retire(*, standard: Standard, reason: str, by: User | None) -> Standard:
    """Take a published version out of force; what was judged by it stays as it is.

    Raises Conflict for drafts, retired versions and the only published one.
    """
    may_keep(by)
    locked = Standard.objects.select_for_update().get(pk=standard.pk)
    if locked.status != Status.PUBLISHED:
        raise Conflict(_("只有已发布的版本可以废止。"))
    others = Standard.objects.filter(status=Status.PUBLISHED).exclude(pk=locked.pk)
    if not others.exists():
        raise Conflict(_("这是唯一已发布的版本，废止后无法测算；请先发布新版。"))
    _need("reason", reason, _("请写明废止的原因。"))
    locked.status = Status.RETIRED
    locked.effective_to = min(locked.effective_to or timezone.localdate(), timezone.localdate())
    locked.effective_to = max(locked.effective_to, locked.effective_from)
    locked.save(update_fields=["status", "effective_to"])
    record(action="standard.retire", by=by, on=locked, reason=reason.strip())
    return locked


@transaction.atomic
def discard_draft(*, standard: Standard, by: User | None) -> None:
    """Delete a draft with everything in it; published versions stay."""
    may_keep(by)
    locked = locked_draft(standard)
    rows = Threshold.objects.filter(indicator__standard=locked)
    for part in (rows, locked.special_cases, locked.open_points, locked.indicators):
        part.all().delete()  # by themselves, so that the entry says of each that it is gone
    Standard.objects.filter(pk=locked.pk).delete()
    record(action="standard.discard", by=by, on=locked)
