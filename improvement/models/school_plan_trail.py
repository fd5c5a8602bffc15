"""What happened to school plans: every change of a measure, every step of a plan."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from selfchecks.models.append_only import HistoryModel
from selfchecks.models.self_check import person

from .school_plan import SchoolPlan, Stage, of_measure


class Revision(HistoryModel):
    """A measure as it was before and after somebody changed it, and why (措施改动)."""

    scope = "measure__school_plan__self_check__district"
    approval = "measure__school_plan__approved_at"
    office_scope = "measure__office"

    measure = of_measure("revisions")
    number = models.PositiveIntegerField(_("序号"))
    changes = models.JSONField(_("改动"))
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    after_approval = models.BooleanField(_("批准以后"))
    made_by = person(_("修改人"))
    made_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("措施改动")
        verbose_name_plural = pgettext_lazy("plural", "措施改动")
        ordering = ("measure", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("measure", "number"), name="revision_number_once_per_measure"
            ),
            models.CheckConstraint(
                condition=Q(after_approval=False) | ~Q(reason=""),
                name="revision_after_approval_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.number}"


class SchoolPlanEntry(HistoryModel):
    """One step a school plan has gone (一校一策办理记录)."""

    scope, approval = "school_plan__self_check__district", "school_plan__approved_at"

    school_plan = models.ForeignKey(
        SchoolPlan,
        models.PROTECT,
        related_name="trail",
        verbose_name=pgettext_lazy("one", "一校一策"),
    )
    number = models.PositiveIntegerField(_("序号"))
    step = models.CharField(_("步骤"), max_length=24)
    from_state = models.CharField(_("原状态"), max_length=10, choices=Stage.choices)
    to_state = models.CharField(_("新状态"), max_length=10, choices=Stage.choices)
    actor = person(_("办理人"))
    actor_name = models.CharField(_("姓名"), max_length=40)
    taken_at = models.DateTimeField(_("时间"))
    comment = models.TextField(_("意见"), blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "一校一策办理记录")
        verbose_name_plural = _("一校一策办理记录")
        ordering = ("school_plan", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("school_plan", "number"), name="school_plan_entry_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_plan} {self.step}"
