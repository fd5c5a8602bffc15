"""What follows for a unit: support and priority, accountability, urging and guidance."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import District, Sourced
from districts.scope import ScopedQuerySet
from selfchecks.models.append_only import HistoryModel
from selfchecks.models.self_check import OPTIONAL

from .grant import Grant
from .look_back import LookBack
from .plan import person


class Voidable(models.Model):
    """What was recorded wrongly stays to be read, with who voided it, when, and why."""

    voided_by = person(_("作废人"))
    voided_at = models.DateTimeField(_("作废时间"), editable=False, **OPTIONAL)
    void_reason = models.TextField(_("作废理由"), max_length=1000, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
                name="%(class)s_voided_by_somebody",
            ),
        ]


class ConsequenceKind(models.TextChoices):
    SUPPORT = "support", _("倾斜支持")
    PRIORITY = "priority", _("转移支付优先安排")
    ACCOUNTABILITY = "accountability", _("问责")


class Form(models.TextChoices):
    """In which form a unit is held to account (《教育督导问责办法》)."""

    CRITICISM = "criticism", _("公开批评")
    TALK = "talk", _("约谈")
    CIRCULAR = "circular", _("督导通报")
    RESTRICTION = "restriction", _("资源限制")


class Consequence(Voidable, Sourced):
    """One thing that followed for a unit on a day (奖惩); never public here."""

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="consequences", verbose_name=_("区县")
    )
    kind = models.CharField(_("种类"), max_length=14, choices=ConsequenceKind.choices)
    form = models.CharField(_("问责方式"), max_length=12, choices=Form.choices, blank=True)
    day = models.DateField(_("日期"), db_index=True)
    ground = models.TextField(_("事由"), max_length=1000)
    grant = models.ForeignKey(
        Grant, models.PROTECT, verbose_name=pgettext_lazy("one", "市级奖补资金"), **OPTIONAL
    )
    look_back = models.ForeignKey(LookBack, models.PROTECT, verbose_name=_("回头看"), **OPTIONAL)
    recorded_by = person(_("录入人"))
    recorded_at = models.DateTimeField(_("录入时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("支持和问责")
        verbose_name_plural = _("支持和问责")
        ordering = ("-day", "district__code", "-pk")
        constraints = [
            *Voidable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="accountability") & ~Q(form="")
                | ~Q(kind="accountability") & Q(form=""),
                name="consequence_accountability_has_a_form",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ConsequenceKind.values), name="consequence_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.get_kind_display()} {self.day:%Y-%m-%d}"


class GuidanceKind(models.TextChoices):
    URGED = "urged", _("重点督促")
    GUIDED = "guided", _("分类指导")


class Guidance(Voidable, Sealed):
    """A unit that is urged because it is behind, or guided among the last ones (督促和指导).

    ``group`` is what the city sorts it under, with the reason; it ends with its result.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="guidances", verbose_name=_("区县")
    )
    kind = models.CharField(_("方式"), max_length=8, choices=GuidanceKind.choices)
    group = models.CharField(_("类别"), max_length=40)
    reason = models.TextField(_("归入的理由"), max_length=1000)
    begun_on = models.DateField(_("开始日"))
    ended_on = models.DateField(_("结束日"), editable=False, **OPTIONAL)
    begun_by = person(_("录入人"))
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("督促和指导")
        verbose_name_plural = _("督促和指导")
        ordering = ("-begun_on", "district__code", "-pk")
        constraints = [
            *Voidable.Meta.constraints,
            models.UniqueConstraint(
                fields=("district", "kind"),
                condition=Q(ended_on__isnull=True, voided_at__isnull=True),
                name="guidance_one_open_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.get_kind_display()} {self.group}"


class GuidanceStep(models.TextChoices):
    VISIT = "visit", _("现场指导")
    AGREED = "agreed", _("商定的措施")
    RESULT = "result", _("结果（结束）")


class GuidanceEntry(HistoryModel):
    """What was done about it on a day (督促和指导记录); the result ends it."""

    scope = "guidance__district"

    guidance = models.ForeignKey(
        Guidance, models.PROTECT, related_name="entries", verbose_name=_("督促和指导")
    )
    kind = models.CharField(_("种类"), max_length=8, choices=GuidanceStep.choices)
    day = models.DateField(_("日期"))
    words = models.TextField(_("内容"), max_length=2000)
    due_on = models.DateField(_("期限"), **OPTIONAL)
    recorded_by = person(_("录入人"))
    recorded_at = models.DateTimeField(_("录入时间"))

    class Meta:
        verbose_name = pgettext_lazy("one", "督促和指导记录")
        verbose_name_plural = pgettext_lazy("plural", "督促和指导记录")
        ordering = ("guidance", "day", "pk")

    def __str__(self) -> str:
        return f"{self.guidance} {self.get_kind_display()}"
