"""指标监测: a yearly round on a few key indicators, entered per unit between self-checks."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import District
from districts.scope import PUBLIC, ScopedQuerySet
from selfchecks.models.evaluation import STAGES

from .plan import person


class MonitoringRound(Sealed):
    """The round of a year (指标监测): ``indicators`` are the codes of the coefficients asked for.

    The same list is what the city names for the yearly assessment of the district governments.
    """

    scope = PUBLIC

    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    indicators = models.JSONField(_("重点指标"))
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    due_on = models.DateField(_("填报截止日"))
    opened_by = person(_("开启人"))
    opened_at = models.DateTimeField(_("开启时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("指标监测")
        verbose_name_plural = _("指标监测")
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"{self.year} {_('指标监测')}"


class MonitoringFigure(Sealed):
    """One coefficient of one unit in a round (监测数据); what is not entered has no row."""

    scope = "district"

    round = models.ForeignKey(
        MonitoringRound, models.PROTECT, related_name="figures", verbose_name=_("指标监测")
    )
    district = models.ForeignKey(
        District, models.PROTECT, related_name="monitored", verbose_name=_("区县")
    )
    indicator = models.CharField(_("指标"), max_length=3)
    stage = models.CharField(_("学段"), max_length=8, choices=STAGES)
    value = models.DecimalField(
        _("差异系数"), max_digits=7, decimal_places=4, validators=[MinValueValidator(0)]
    )
    entered_by = person(_("填报人"))
    entered_at = models.DateTimeField(_("填报时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "监测数据")
        verbose_name_plural = _("监测数据")
        ordering = ("round", "district__order", "indicator", "stage")
        constraints = [
            models.UniqueConstraint(
                fields=("round", "district", "indicator", "stage"), name="monitored_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.indicator} {self.stage}"
