"""一校一策: what is to be done in a school, by whom, until when, and how far it has come."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.roles import Office
from districts.scope import ScopedQuerySet
from figures.table import AREA, MONEY, PEOPLE, ROOMS
from selfchecks.models import SelfCheck
from selfchecks.models.append_only import HistoryModel
from selfchecks.models.self_check import OPTIONAL, person

from .plan import Plan
from .terms import AMOUNT


class Stage(models.TextChoices):
    """Where a school plan stands; what leads on is in ``improvement.school_plans.workflow``."""

    DRAFTING = "drafting", _("编制中")
    AWAITING = "awaiting", _("待审批")
    APPROVED = "approved", pgettext_lazy("school plan", "已批准")


class Unit(models.TextChoices):
    PERSON = "person", _("人")
    ROOM = "room", _("间")
    SQUARE_METRE = "m2", _("㎡")
    WAN_YUAN = "wan_yuan", _("万元")
    ITEM = "item", _("项")


# The unit of a raw figure → ours.
UNIT_OF = {
    PEOPLE: Unit.PERSON,
    ROOMS: Unit.ROOM,
    AREA: Unit.SQUARE_METRE,
    MONEY: Unit.WAN_YUAN,
}


class Funding(models.TextChoices):
    """Where the money comes from (经费来源)."""

    UPPER = "upper", _("中央、市级补助")
    DISTRICT = "district", _("区县财政")
    SCHOOL = "school", _("学校经费")
    DONATION = "donation", _("社会捐赠")
    NONE = "none", _("不需经费")
    OTHER = "other", pgettext_lazy("source of money", "其他")


class MeasureQuerySet(ScopedQuerySet):
    def live(self) -> Self:
        """Those that are still to be done or have been."""
        return self.filter(dropped_at__isnull=True)

    def with_done(self) -> Self:
        """``done`` is the newest amount that was reported; None while nobody has said any."""
        said = Progress.objects.filter(measure=OuterRef("pk"), done__isnull=False)
        return self.annotate(done=Subquery(said.order_by("-pk").values("done")[:1]))

    def unfinished(self) -> Self:
        """Of approved plans, those with a day that are not done."""
        rows = self.with_done().live().filter(school_plan__approved_at__isnull=False)
        return rows.filter(Q(done__isnull=True) | Q(done__lt=F("amount")), due__isnull=False)

    def late(self, day: date) -> Self:
        """Of these, due before the day."""
        return self.unfinished().filter(due__lt=day)


class SchoolPlan(Sealed):
    """What one school is to have, begun from a plan the district has adopted (一校一策).

    ``version`` counts its changes, measures included; ``approved_at`` is the newest approval,
    which stays while a change waits for its own.
    """

    scope, approval = "self_check__district", "approved_at"

    self_check = models.ForeignKey(
        SelfCheck,
        models.PROTECT,
        related_name="school_plans",
        verbose_name=pgettext_lazy("one", "自查"),
    )
    plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="school_plans", verbose_name=_("增配方案")
    )
    school_code = models.CharField(_("学校标识码"), max_length=10)
    school_name = models.CharField(_("学校名称"), max_length=100)
    state = models.CharField(
        _("状态"), max_length=10, choices=Stage.choices, default=Stage.DRAFTING, db_index=True
    )
    version = models.PositiveIntegerField(_("变更次数"), default=1)
    begun_by = person(_("建立人"))
    begun_at = models.DateTimeField(_("建立时间"))
    approved_by = person(_("批准人"), **OPTIONAL)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "一校一策")
        verbose_name_plural = _("一校一策")
        ordering = ("self_check", "school_code")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "school_code"), name="school_plan_one_per_school"
            ),
            models.CheckConstraint(
                condition=Q(state__in=Stage.values), name="school_plan_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="school_plan_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=Stage.APPROVED) | Q(approved_at__isnull=False),
                name="school_plan_approved_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} {self.school_name}"


class Measure(Sealed):
    """One thing to be done in a school (措施).

    ``kind`` is a measure of the planner, empty for what people think of; ``amount`` in ``unit``,
    ``cost`` in yuan, None while nobody knows. ``from_school`` is where people move from.
    """

    scope, approval = "school_plan__self_check__district", "school_plan__approved_at"
    office_scope = "office"

    school_plan = models.ForeignKey(
        SchoolPlan,
        models.PROTECT,
        related_name="measures",
        verbose_name=pgettext_lazy("one", "一校一策"),
    )
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("措施代码"), max_length=40, blank=True)
    name = models.CharField(_("措施"), max_length=60)
    indicators = models.JSONField(_("对应指标"), default=list, blank=True)
    stage = models.CharField(_("学段"), max_length=10, blank=True)
    from_school = models.CharField(_("从哪所学校调入"), max_length=10, blank=True)
    amount = models.DecimalField(_("数量"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("单位"), max_length=10, choices=Unit.choices)
    cost = models.DecimalField(_("经费（元）"), null=True, blank=True, **AMOUNT)
    funding = models.CharField(_("经费来源"), max_length=10, choices=Funding.choices, blank=True)
    funding_note = models.CharField(_("来源说明"), max_length=100, blank=True)
    responsible = models.CharField(_("责任人"), max_length=40, blank=True)
    office = models.CharField(_("责任部门"), max_length=10, choices=Office.choices)
    start = models.DateField(_("开始日期"), null=True, blank=True)
    due = models.DateField(_("完成期限"), null=True, blank=True, db_index=True)
    milestones = models.CharField(_("时间节点"), max_length=500, blank=True)
    evidence = models.CharField(_("要交的佐证"), max_length=300, blank=True)
    dropped_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a school plan", "措施")
        verbose_name_plural = pgettext_lazy("plural", "措施")
        ordering = ("school_plan", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("school_plan", "number"), name="measure_number_once_per_school_plan"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="measure_amount_positive"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="measure_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(due__isnull=True) | Q(start__lte=F("due")),
                name="measure_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(funding=Funding.OTHER) | ~Q(funding_note=""),
                name="measure_other_funding_is_named",
            ),
            models.CheckConstraint(
                condition=Q(office__in=Office.values), name="measure_office_is_known"
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="measure_unit_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.school_plan.school_name} {self.name}"


def of_measure(name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        Measure,
        models.PROTECT,
        related_name=name,
        verbose_name=pgettext_lazy("of a school plan", "措施"),
    )


class Progress(HistoryModel):
    """How far a measure has come (进展): ``done`` is all that is done by ``day``, in its unit.

    The newest row that says an amount counts. A row without one is an answer in words.
    """

    scope = "measure__school_plan__self_check__district"
    approval = "measure__school_plan__approved_at"
    office_scope = "measure__office"

    measure = of_measure("progress")
    done = models.DecimalField(
        _("累计完成"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    day = models.DateField(_("截至日期"))
    words = models.CharField(_("说明"), max_length=500, blank=True)
    file = models.FileField(_("文件"), max_length=200, blank=True)
    display_name = models.CharField(_("文件名"), max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("字节数"), default=0, db_default=0)
    reported_by = person(_("报告人"))
    reported_at = models.DateTimeField(_("报告时间"))

    class Meta:
        verbose_name = _("进展")
        verbose_name_plural = _("进展")
        ordering = ("measure", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(done__isnull=True) | Q(done__gte=0), name="progress_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(done__isnull=False) | ~Q(words=""), name="progress_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.day}"
