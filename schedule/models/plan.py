"""What was planned: phases, versions of the plan, the year of each unit."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.models import District, Sourced
from districts.scope import PUBLIC, ScopedQuerySet
from districts.wording import in_catalogue

FIRST_YEAR, LAST_YEAR = 2022, 2030


def person(name: Any) -> Any:
    """Who did it; nobody where reference data was loaded."""
    options = {"null": True, "blank": True, "related_name": "+", "verbose_name": name}
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, **options)


class Phase(Sealed):
    """A phase of the city's plan (阶段) and how many units it is to certify."""

    scope = PUBLIC

    name = models.CharField(_("名称"), max_length=20, unique=True)
    start_year = models.PositiveSmallIntegerField(_("起始年"), unique=True)
    end_year = models.PositiveSmallIntegerField(_("截止年"), unique=True)
    target = models.PositiveSmallIntegerField(_("目标数"))
    display_name = in_catalogue("name")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("阶段")
        verbose_name_plural = pgettext_lazy("plural", "阶段")
        ordering = ("start_year",)
        constraints = [
            models.CheckConstraint(
                condition=Q(start_year__lte=F("end_year")), name="phase_years_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cumulative_target(self) -> int:
        """How many are to be certified by the end of the phase."""
        until_then = Phase.objects.filter(start_year__lte=self.start_year)
        return sum(until_then.values_list("target", flat=True))


class PlanVersion(Sourced):
    """A published edition of the plan (规划版本), never edited: a change is a new edition."""

    scope = PUBLIC

    number = models.PositiveSmallIntegerField(_("版本号"), unique=True)
    title = models.CharField(_("名称"), max_length=80)
    reason = models.TextField(_("调整原因"), blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("上一版本")
    )
    published_on = models.DateField(_("发布日"))
    published_at = models.DateTimeField(_("发布时间"))
    published_by = person(_("发布人"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("规划版本")
        verbose_name_plural = pgettext_lazy("plural", "规划版本")
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"第 {self.number} 版{self.title}"

    display_title = in_catalogue("title")

    @property
    def display_name(self) -> str:
        facts = {"number": self.number, "title": self.display_title}
        return gettext("第 %(number)s 版%(title)s") % facts

    # Kept: the entries of a published version never change.
    @cached_property
    def years(self) -> dict[str, int]:
        """The planned year of each unit, by its code, in the order of the plan."""
        return dict(self.entries.values_list("district__code", "year"))


class PlannedCertification(Sealed):
    """The year a unit is to be certified, in one version of the plan (规划认定年份)."""

    scope = PUBLIC

    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="entries", verbose_name=_("规划版本")
    )
    district = models.ForeignKey(
        District, models.PROTECT, related_name="planned", verbose_name=_("区县")
    )
    year = models.PositiveSmallIntegerField(
        _("规划年份"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("规划条目")
        verbose_name_plural = pgettext_lazy("plural", "规划条目")
        ordering = ("year", "district__code")
        constraints = [
            models.UniqueConstraint(
                fields=("version", "district"), name="planned_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="planned_year_2022_to_2030",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.year}"
