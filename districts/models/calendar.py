"""Days on which the city works or rests otherwise than the yearly notice says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scope import PUBLIC, ScopedQuerySet

from .sourced import Sourced


class CalendarDay(Sourced):
    """One day, as a notice of the city or a later one of the State Council sets it."""

    scope = PUBLIC

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("工作日"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作日安排")
        verbose_name_plural = _("工作日安排")
        ordering = ("-day",)

    def __str__(self) -> str:
        return self.day.isoformat()
