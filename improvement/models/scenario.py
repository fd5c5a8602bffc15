"""What-if: changes thought of on top of a self-check's figures, kept under a name."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import ScopedQuerySet
from selfchecks.models import SelfCheck
from selfchecks.models.self_check import OPTIONAL, person


class Scenario(Sealed):
    """Changes to a self-check's figures, prices and conditions (假设方案); never public.

    Without ``changes`` it says what the self-check says, digest for digest.
    """

    scope = "self_check__district"

    self_check = models.ForeignKey(
        SelfCheck,
        models.PROTECT,
        related_name="scenarios",
        verbose_name=pgettext_lazy("one", "自查"),
    )
    number = models.PositiveIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=60)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    author = person(_("作者"))
    created_at = models.DateTimeField(_("建立时间"))
    changes = models.JSONField(_("改动"), default=list, blank=True)
    archived_by = person(_("归档人"), **OPTIONAL)
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("假设方案")
        verbose_name_plural = pgettext_lazy("plural", "假设方案")
        ordering = ("self_check", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "number"), name="scenario_number_once_per_self_check"
            ),
            models.UniqueConstraint(
                fields=("self_check", "name"),
                condition=Q(archived_at__isnull=True),
                name="scenario_name_once_in_use",
            ),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True, archived_by__isnull=True)
                | Q(archived_at__isnull=False, archived_by__isnull=False),
                name="scenario_archived_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} {self.name}"
