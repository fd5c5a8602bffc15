"""Plans of additions: from which figures and terms they were made, what came of it, who adopted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import ScopedQuerySet
from selfchecks.models import SelfCheck
from selfchecks.models.self_check import OPTIONAL, person

from .scenario import Scenario


class Kind(models.TextChoices):
    CHEAPEST = "cheapest", _("最省")
    EVERYONE = "everyone", _("全部补到达标值")
    GREEDY = "greedy", _("逐校补齐")
    BUDGET = "budget", _("固定预算")
    YEARS = "years", _("分年实施")
    MOVES = "moves", _("交流轮岗")


class State(models.TextChoices):
    """What is on record; what a waiting plan is doing now is its ``phase``."""

    WAITING = "waiting", _("等待计算")
    FOUND = "found", _("有方案")
    INFEASIBLE = "infeasible", _("没有方案")
    FAILED = "failed", _("计算失败")
    CANCELLED = "cancelled", _("已取消")


class Phase(models.TextChoices):
    WAITING = "waiting", _("等待计算")
    RUNNING = "running", _("正在计算")
    STALE = "stale", _("计算中断")
    DONE = "done", _("计算结束")


class Plan(Sealed):
    """A plan of additions (增配方案) for a self-check or one of its scenarios; never public.

    ``terms`` are prices, conditions and wishes as they were, ``digest`` seals them and the figures.
    ``result`` is the planner's answer, ``cost`` in yuan. While it is worked out, ``progress`` says
    bound, best cost and gap, and ``busy_until`` until when whoever works it out has claimed it.
    """

    scope = "self_check__district"
    unsealed = {
        "progress": "how far a calculation has come; what came of it is sealed",
        "busy_until": "a claim for some seconds",
    }

    self_check = models.ForeignKey(
        SelfCheck, models.PROTECT, related_name="plans", verbose_name=pgettext_lazy("one", "自查")
    )
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("方案种类"), max_length=10, choices=Kind.choices)
    scenario = models.ForeignKey(
        Scenario, models.PROTECT, "plans", verbose_name=_("假设方案"), **OPTIONAL
    )
    terms = models.JSONField(_("单价和条件"))
    digest = models.CharField(_("数据与单价指纹"), max_length=80)
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.WAITING, db_index=True
    )
    progress = models.JSONField(_("进度"), default=dict)
    busy_until = models.DateTimeField(_("占用到"), null=True, blank=True)
    result = models.JSONField(_("结果"), null=True, blank=True)
    cost = models.DecimalField(_("费用"), max_digits=16, decimal_places=2, null=True, blank=True)
    made_by = person(_("制作人"))
    made_at = models.DateTimeField(_("制作时间"))
    stopped_by = person(_("停止人"), **OPTIONAL)
    stopped_at = models.DateTimeField(_("停止时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    adopted_by = person(_("采用人"), **OPTIONAL)
    adopted_at = models.DateTimeField(_("采用时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("增配方案")
        verbose_name_plural = pgettext_lazy("plural", "增配方案")
        ordering = ("self_check", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "number"), name="plan_number_once_per_self_check"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="plan_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="plan_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.WAITING, finished_at__isnull=True)
                | ~Q(state=State.WAITING) & Q(finished_at__isnull=False),
                name="plan_finished_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FOUND)
                | Q(result__isnull=False, cost__isnull=False, cost__gte=0),
                name="plan_found_has_result",
            ),
            models.CheckConstraint(
                condition=Q(adopted_at__isnull=True, adopted_by__isnull=True)
                | Q(adopted_at__isnull=False, adopted_by__isnull=False, state=State.FOUND),
                name="plan_adopted_is_found",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} #{self.number}"

    @property
    def phase(self) -> Phase:
        """What is happening to it now; stale when whoever worked on it has died."""
        if self.state != State.WAITING:
            return Phase.DONE
        if self.busy_until is None:
            return Phase.WAITING
        return Phase.RUNNING if self.busy_until > timezone.now() else Phase.STALE
