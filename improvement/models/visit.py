"""On-site visits of a district's schools: which were drawn and why, and how far the visit is."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import District
from districts.scope import CITY, ScopedQuerySet, Viewer
from selfchecks.models.append_only import HistoryModel, HistoryQuerySet
from selfchecks.models.self_check import OPTIONAL, person


class VisitState(models.TextChoices):
    DRAWN = "drawn", _("已抽样")
    VISITING = "visiting", _("正在查看")
    FINISHED = "finished", _("查看结束")
    CANCELLED = "cancelled", _("已取消")


UNDER_WAY = (VisitState.DRAWN, VisitState.VISITING)


class VisitQuerySet(ScopedQuerySet):
    """Rows of a visit; the model's ``scope`` leads to its district."""

    def visible_to(self, viewer: Viewer) -> Self:
        """A district is not warned of who comes: it sees a visit once it is finished."""
        rows: Self = super().visible_to(viewer)
        if getattr(viewer, "reach", None) == CITY:
            return rows
        state = f"{self.model.scope.removesuffix('district')}state"
        return rows.filter(**{state: VisitState.FINISHED})


class VisitHistoryQuerySet(VisitQuerySet, HistoryQuerySet):  # type: ignore[misc, override]
    """The same of rows that are never rewritten."""


class Visit(Sealed):
    """A visit (实地查看) of some schools of a district, drawn in ``year``.

    ``words`` say what came of it, or why it was cancelled. A district has one under way at most,
    so that nobody draws until a draw pleases.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="visits", verbose_name=_("区县")
    )
    year = models.PositiveSmallIntegerField(_("年度"), db_index=True)
    number = models.PositiveIntegerField(_("轮次"))
    state = models.CharField(
        _("状态"), max_length=10, choices=VisitState.choices, default=VisitState.DRAWN
    )
    started_by = person(_("开始查看的人"), **OPTIONAL)
    started_at = models.DateTimeField(_("开始查看时间"), null=True, blank=True)
    ended_by = person(_("结束查看的人"), **OPTIONAL)
    ended_at = models.DateTimeField(_("结束查看时间"), null=True, blank=True)
    words = models.TextField(_("结论"), blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "实地查看")
        verbose_name_plural = _("实地查看")
        ordering = ("-year", "district__code", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=("district", "year", "number"), name="visit_number_once_per_year"
            ),
            models.UniqueConstraint(
                fields=("district",),
                condition=Q(state__in=UNDER_WAY),
                name="visit_one_under_way_per_district",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VisitState.values), name="visit_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=VisitState.DRAWN, started_at__isnull=True)
                | Q(state__in=(VisitState.VISITING, VisitState.FINISHED), started_at__isnull=False)
                | Q(state=VisitState.CANCELLED),
                name="visit_started_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at__isnull=True)
                | ~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False, ended_by__isnull=False),
                name="visit_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.year} #{self.number}"

    @property
    def reference(self) -> str:
        """How addresses and the ledger name it, for example ``500106-2026-1``."""
        return f"{self.district.code}-{self.year}-{self.number}"

    @property
    def sample(self) -> "Draw":
        """The draw that counts."""
        found: Draw = self.draws.select_related("drawn_by").latest("number")
        return found


class Draw(HistoryModel):
    """One draw of a visit's schools (抽样), kept with all that decided it; the last one counts.

    ``frame`` are the schools that could be drawn, each with stratum, weight and what was found of
    it; ``digest`` is of all that decides save the ``seed``; ``method`` names the procedure.
    """

    scope = "visit__district"

    visit = models.ForeignKey(
        Visit, models.PROTECT, "draws", verbose_name=pgettext_lazy("one", "实地查看")
    )
    number = models.PositiveIntegerField(_("序号"))
    count = models.PositiveIntegerField(_("抽几所"))
    seed = models.CharField(_("随机种子"), max_length=64)
    method = models.CharField(_("抽样方法"), max_length=20)
    digest = models.CharField(_("名册指纹"), max_length=64)
    frame = models.JSONField(_("抽样框"))
    schools = models.JSONField(_("抽中的学校"))
    reason = models.TextField(_("重抽的原因"), blank=True)
    drawn_by = person(_("抽样人"))
    drawn_at = models.DateTimeField(_("抽样时间"))

    objects = VisitHistoryQuerySet.as_manager()  # type: ignore[misc, assignment]

    class Meta:
        verbose_name = _("抽样")
        verbose_name_plural = pgettext_lazy("plural", "抽样")
        ordering = ("visit", "number")
        constraints = [
            models.UniqueConstraint(fields=("visit", "number"), name="draw_number_once_per_visit"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="draw_again_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit} {self.number}"
