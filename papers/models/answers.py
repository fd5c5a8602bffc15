"""What the application form wants and the portal does not hold, kept for a self-check."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import ScopedQuerySet
from selfchecks.models import SelfCheck
from selfchecks.models.self_check import person


class FormAnswers(Sealed):
    """Answers by name, as text (申报表补充数据); what is not there has not been answered."""

    scope = "self_check__district"

    self_check = models.OneToOneField(
        SelfCheck,
        models.PROTECT,
        related_name="form_answers",
        verbose_name=pgettext_lazy("one", "自查"),
    )
    answers = models.JSONField(_("补充数据"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("改动次数"), default=0)
    changed_by = person(_("填写人"))
    changed_at = models.DateTimeField(_("填写时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报表补充数据")
        verbose_name_plural = pgettext_lazy("plural", "申报表补充数据")
        ordering = ("self_check",)

    def __str__(self) -> str:
        return str(self.self_check)
