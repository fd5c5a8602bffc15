"""Who follows whom when units change: whole, in part, or by a transfer."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.scope import PUBLIC, ScopedQuerySet
from districts.wording import in_catalogue

from .sourced import Sourced

Day = date  # of a succession ``date`` is a field
# What the reference data says of them: listed so that it gets translated.
REFERENCE_DESCRIPTIONS = (
    _("江北区撤销，全部并入新设立的行政区两江新区"),
    _("渝北区撤销，除大湾、统景、大盛、兴隆、茨竹5镇外并入两江新区"),
    _("大湾、统景、大盛、兴隆、茨竹5镇划归北碚区"),
    _("水土、复兴、蔡家岗街道和施家梁、童家溪镇划入两江新区"),
    _(
        "行政区两江新区设立；现行口径上由它接替规划中的功能区两江新区，功能区的认定是否延续，待市级明确"
    ),
)


class SuccessionKind(models.TextChoices):
    WHOLE = "whole", _("整体并入")
    PART = "part", _("部分并入")
    TRANSFER = "transfer", _("部分划转")
    REPLACED = "replaced", _("由新单位接替")


class Succession(Sourced):
    """From one unit to another on a day: all of it, part of it on abolition, or a transfer.

    Who inherits the plan's obligation is the city's decision. Until then two settings, shown as
    待市级明确, say how it is counted: ``takes_place`` counts the successor among the units of
    today where the predecessor stood in the plan, ``carries_certification`` keeps what it had.
    ``date`` is the day it was true from, ``known_on`` the day it became known.
    """

    scope = PUBLIC

    predecessor = models.ForeignKey(
        "District", models.PROTECT, related_name="successions", verbose_name=_("原单位")
    )
    successor = models.ForeignKey(
        "District", models.PROTECT, related_name="inheritances", verbose_name=_("承接单位")
    )
    date = models.DateField(_("日期"))
    kind = models.CharField(_("方式"), max_length=10, choices=SuccessionKind.choices)
    description = models.CharField(_("说明"), max_length=300)
    known_on = models.DateField(_("得知日"))
    takes_place = models.BooleanField(_("现行口径接替原单位（待市级明确）"), default=False)
    carries_certification = models.BooleanField(_("认定结果延续（待市级明确）"), default=False)
    withdrawn_on = models.DateField(_("撤回日"), null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("区划调整")
        verbose_name_plural = pgettext_lazy("plural", "区划调整")
        ordering = ("-date", "predecessor__code", "successor__code")
        constraints = [
            models.UniqueConstraint(
                fields=("predecessor", "successor", "date"),
                condition=Q(withdrawn_on=None),
                name="succession_once_per_day",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_between_two_units"
            ),
        ]

    display_description = in_catalogue("description")

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"

    @property
    def ends_predecessor(self) -> bool:
        """A unit of which a part is transferred goes on; every other way ends it the day before."""
        return self.kind != SuccessionKind.TRANSFER

    @property
    def last_day(self) -> Day:
        """The last day on which everything was still the predecessor's."""
        return self.date - timedelta(days=1)
