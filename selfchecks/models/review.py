"""The trail of steps, the inspector's word per indicator, the comments, and what was looked at."""

import re
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import PersonalQuerySet, ScopedQuerySet
from workbooks.values.words import narrow

from .append_only import HistoryModel
from .evaluation import Evaluation
from .self_check import OPTIONAL, State, Upload, part_of_self_check, person

_RECEIPT = re.compile(r"([0-9A-Z]{3,12})-([0-9]{4})-([0-9]{3,6})")


class ReviewEntry(HistoryModel):
    """One step that was taken (审核记录): who, when, from where to where, on which version.

    ``actor`` is None for what the calendar did; ``was_due_on`` is the due date that stood when the
    step was taken, unknown for steps taken before the portal kept it.
    """

    scope = "self_check__district"
    shown_to_all = Q(from_state=State.APPROVED) | Q(to_state=State.APPROVED)

    self_check = part_of_self_check("trail")
    number = models.PositiveIntegerField(_("序号"))
    step = models.CharField(_("步骤"), max_length=24)
    from_state = models.CharField(_("原状态"), max_length=20, choices=State.choices)
    to_state = models.CharField(_("新状态"), max_length=20, choices=State.choices)
    actor = person(_("办理人"), **OPTIONAL)
    actor_name = models.CharField(_("姓名"), max_length=40)
    taken_at = models.DateTimeField(_("时间"))
    comment = models.TextField(_("意见"), blank=True)
    upload = models.ForeignKey(Upload, models.PROTECT, "+", verbose_name=_("上传"), **OPTIONAL)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, "+", verbose_name=_("测算结果"), **OPTIONAL
    )
    evaluation_digest = models.CharField(_("指纹"), max_length=80, blank=True)
    due_on = models.DateField(_("新的截止日"), null=True, blank=True)
    was_due_on = models.DateField(_("当时的截止日"), null=True, blank=True)
    # Algorithm, key and value; see ``services.signatures``. Empty: not signed.
    signature = models.JSONField(_("签名"), default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = _("审核记录")
        verbose_name_plural = pgettext_lazy("plural", "审核记录")
        ordering = ("self_check", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "number"), name="review_entry_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} {self.number} {self.step}"

    @property
    def has_receipt(self) -> bool:
        """Whether it handed a result in."""
        return self.to_state == State.SUBMITTED and self.evaluation_id is not None

    @property
    def days_late(self) -> int:
        """How many days after the due date of that day it was handed in; 0 in time or unknown."""
        if not self.has_receipt or self.was_due_on is None:
            return 0
        return max(0, (timezone.localdate(self.taken_at) - self.was_due_on).days)

    @property
    def receipt(self) -> str:
        """The receipt number of a submission: unit, year and position in the trail."""
        return f"{self.self_check.reference}-{self.number:03d}"

    @staticmethod
    def of_receipt(text: str) -> dict[str, Any] | None:
        """What a receipt number like ``500106-2026-003`` names; None when the text is none."""
        found = _RECEIPT.fullmatch(narrow(text).upper())
        if found is None:
            return None
        unit = {"self_check__district__code": found[1], "self_check__year": int(found[2])}
        return {**unit, "number": int(found[3])}


class Word(models.TextChoices):
    ACCEPTED = "accepted", _("认可")
    QUESTIONED = "questioned", _("存疑")
    REJECTED = "rejected", _("不认可")


class IndicatorReview(Sealed):
    """The inspector's word on one indicator of one snapshot; may change until the decision.

    ``holds`` is known once a later snapshot is asked about: its figures did not change since.
    """

    scope = "evaluation__self_check__district"
    holds = False

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="indicator_reviews", verbose_name=_("测算结果")
    )
    indicator = models.CharField(_("指标"), max_length=8)
    word = models.CharField(_("意见"), max_length=10, choices=Word.choices)
    note = models.TextField(_("说明"), blank=True)
    reviewed_by = person(_("复核人"))
    reviewed_at = models.DateTimeField(_("时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("指标复核意见")
        verbose_name_plural = pgettext_lazy("plural", "指标复核意见")
        ordering = ("evaluation", "indicator")
        constraints = [
            models.UniqueConstraint(
                fields=("evaluation", "indicator"), name="indicator_review_once"
            ),
            models.CheckConstraint(
                condition=Q(word=Word.ACCEPTED) | ~Q(note=""),
                name="indicator_review_doubt_has_a_note",
            ),
        ]

    def __str__(self) -> str:
        return self.indicator


class ReviewComment(Sealed):
    """A remark on an indicator, a school or a cell, with its answers below it (复核意见)."""

    scope = "self_check__district"

    self_check = part_of_self_check("comments")
    parent = models.ForeignKey(
        "self", models.PROTECT, "answers", verbose_name=_("回复"), **OPTIONAL
    )
    indicator = models.CharField(_("指标"), max_length=8, blank=True)
    school_code = models.CharField(_("学校标识码"), max_length=10, blank=True)
    field = models.CharField(_("项目"), max_length=40, blank=True)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    cell = models.CharField(_("单元格"), max_length=12, blank=True)
    text = models.TextField(_("内容"))
    written_by = person(_("作者"))
    written_at = models.DateTimeField(_("时间"))
    settled_by = person(_("办结人"), **OPTIONAL)
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "复核意见")
        verbose_name_plural = _("复核意见")
        ordering = ("self_check", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(parent__isnull=False)
                | ~Q(indicator="")
                | ~Q(school_code="")
                | ~Q(cell=""),
                name="comment_is_tied_to_something",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} {self.indicator or self.school_code} {self.pk}"


class Looked(models.Model):
    """What a person has looked at of a result (已看): it orders her page, nothing rests on it."""

    scope, owner = "person__district", "person"

    person = person(_("账号"))
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="looks", verbose_name=_("测算结果")
    )
    items = models.JSONField(_("已看"), default=list)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("已看")
        verbose_name_plural = _("已看")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("person", "evaluation"), name="looked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.evaluation}"
