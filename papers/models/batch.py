"""Many documents of one kind at once, made outside any request, in one zip."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import CITY, PUBLIC, ScopedQuerySet, Viewer
from papers.names import Name
from selfchecks.models.self_check import person


class BatchState(models.TextChoices):
    WAITING = "waiting", _("生成中")
    DONE = "done", _("已生成")
    FORGOTTEN = "forgotten", _("文件已清理")


class BatchQuerySet(ScopedQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """They are of all units: for the city's people alone."""
        is_citys = viewer.is_authenticated and viewer.is_active and viewer.reach == CITY
        return self.all() if is_citys else self.none()


class Batch(Sealed):
    """Documents about ``references`` on ``day`` (批量公文).

    ``made`` counts those that were tried; ``failures`` say of which there is none and why. Whoever
    works on it claims it until ``busy_until``; ``content`` is the zip, for a week.
    """

    scope = PUBLIC
    unsealed = {
        "made": "how far it has come; what came of it is sealed when it is done",
        "busy_until": "a claim for some minutes, so that nobody makes it twice",
        "content": "sha256 is sealed and says what the bytes were",
    }

    kind = models.CharField(_("公文"), max_length=24, choices=Name.choices)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    day = models.DateField(_("截至"))
    references = models.JSONField(_("对象"))
    state = models.CharField(
        _("状态"), max_length=10, choices=BatchState.choices, default=BatchState.WAITING
    )
    made = models.PositiveIntegerField(_("已处理"), default=0)
    failures = models.JSONField(_("没有生成的"), default=dict, blank=True)
    asked_by = person(_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    busy_until = models.DateTimeField(_("占用到"), null=True, blank=True)
    content = models.BinaryField(_("内容"), null=True, blank=True)
    sha256 = models.CharField(_("文件校验码（SHA-256）"), max_length=64, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量公文")
        verbose_name_plural = pgettext_lazy("plural", "批量公文")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="batch_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.WAITING, finished_at__isnull=True)
                | ~Q(state=BatchState.WAITING) & Q(finished_at__isnull=False),
                name="batch_done_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_stale(self) -> bool:
        """Whether whoever worked on it has died."""
        claim = self.busy_until if self.state == BatchState.WAITING else None
        return claim is not None and claim < timezone.now()
