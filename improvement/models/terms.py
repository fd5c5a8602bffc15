"""What a district says plans must keep to: prices of measures, conditions of single schools."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import District
from districts.scope import ScopedQuerySet
from districts.wording import in_catalogue
from selfchecks.models.append_only import HistoryModel
from selfchecks.models.self_check import OPTIONAL, person

AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class UnitPrice(HistoryModel):
    """What one more of a kind of measure costs from a day on (单价); the newest in force counts.

    ``price`` is in yuan per person, room, ㎡ or (equipment) yuan; without one the measure is no
    longer offered from that day. ``raises`` are the indicators one more of it raises.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="unit_prices", verbose_name=_("区县")
    )
    kind = models.CharField(_("措施代码"), max_length=40)
    name = models.CharField(_("措施"), max_length=60)
    raises = models.JSONField(_("提高的指标"), default=list, blank=True)
    display_name = in_catalogue("name")
    price = models.DecimalField(_("单价"), null=True, blank=True, **AMOUNT)
    valid_from = models.DateField(_("自何日起"))
    source = models.CharField(_("来源"), max_length=200)
    entered_by = person(_("填写人"))
    entered_at = models.DateTimeField(_("填写时间"))

    class Meta:
        verbose_name = _("单价")
        verbose_name_plural = pgettext_lazy("plural", "单价")
        ordering = ("district", "kind", "-valid_from", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gt=0), name="unit_price_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.name}"


class Condition(Sealed):
    """What is settled for one school and kind of measure (增配条件).

    At least ``least`` is bought ("this gym is being built"), at most ``most`` can be; 0 forbids.
    Amounts in the measure's unit. Ended, it stays on record.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="conditions", verbose_name=_("区县")
    )
    school_code = models.CharField(_("学校标识码"), max_length=10)
    kind = models.CharField(_("措施代码"), max_length=40)
    least = models.DecimalField(_("至少"), null=True, blank=True, **AMOUNT)
    most = models.DecimalField(_("至多"), null=True, blank=True, **AMOUNT)
    reason = models.CharField(_("原因"), max_length=300)
    entered_by = person(_("设定人"))
    entered_at = models.DateTimeField(_("设定时间"))
    ended_by = person(_("撤销人"), **OPTIONAL)
    ended_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("增配条件")
        verbose_name_plural = pgettext_lazy("plural", "增配条件")
        ordering = ("district", "school_code", "kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("district", "school_code", "kind"),
                condition=Q(ended_at__isnull=True),
                name="condition_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(least__isnull=False) | Q(most__isnull=False),
                name="condition_says_something",
            ),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(least__lte=F("most")),
                name="condition_amounts_in_order",
            ),
            models.CheckConstraint(
                condition=(Q(least__isnull=True) | Q(least__gt=0))
                & (Q(most__isnull=True) | Q(most__gte=0)),
                name="condition_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="condition_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.kind}"

    @property
    def is_forbidding(self) -> bool:
        return self.most == 0
