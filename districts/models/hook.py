"""Addresses to which the portal sends what has changed, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import ScopedQuerySet
from rest.keeping import worded

from .district import District
from .user import User


class Ending(models.TextChoices):
    OWN = "own", _("已停用")
    FAILING = "failing", _("连续失败，自动停用")
    GONE = "gone", _("对方应答 410，自动停用")
    ACCOUNT = "account", _("账号停用或变更")


class HookQuerySet(ScopedQuerySet):
    def going(self) -> Self:
        return self.filter(ended="", user__is_active=True)


class Hook(Sealed):
    """One address of an account (推送地址). What it is told ends at ``position``, the number of a
    change; ``district`` narrows it as it narrows the token by which it was registered.

    The key that signs is kept nowhere: it comes from the portal's own and ``salt``.
    """

    scope = "district"
    is_of_accounts = True
    unsealed = {
        "position": "how far it has been told; what was told stands where it changed",
        "next_at": "when it is told next, or a claim for some seconds, so that none is told twice",
        "failures": "how often in a row it did not take what was sent",
        "failing_since": "since when; the entry says that it was ended for that",
    }

    user = models.ForeignKey(User, models.CASCADE, related_name="hooks", verbose_name=_("账号"))
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("限于区县"),
    )
    url = models.CharField(_("地址"), max_length=500)
    kinds = models.JSONField(_("内容"), default=list, blank=True)
    origin = models.CharField(max_length=200)  # of the portal, as who registered it called it
    salt = models.CharField(max_length=40)
    created_at = models.DateTimeField(_("登记时间"))
    ended = models.CharField(_("状态"), max_length=8, blank=True, choices=Ending.choices)
    position = models.PositiveBigIntegerField(_("已推送到"))
    next_at = models.DateTimeField(_("下次推送"), null=True, blank=True, db_index=True)
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    failing_since = models.DateTimeField(_("从何时起失败"), null=True, blank=True)

    objects = HookQuerySet.as_manager()
    secret: str | None = None  # known only to the request that made it

    class Meta:
        verbose_name = pgettext_lazy("one", "推送地址")
        verbose_name_plural = _("推送地址")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended="") | Q(ended__in=Ending.values), name="hook_ending_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One attempt to send one change: the log that is kept for some weeks."""

    scope = "hook__district"
    is_of_accounts = True

    hook = models.ForeignKey(
        Hook,
        models.CASCADE,
        related_name="deliveries",
        verbose_name=pgettext_lazy("one", "推送地址"),
    )
    number = models.PositiveBigIntegerField(_("改动序号"))
    action = models.CharField(_("动作"), max_length=60)
    at = models.DateTimeField(_("时间"), db_index=True)
    seconds = models.FloatField(_("用时（秒）"))
    status = models.PositiveSmallIntegerField(_("应答"), null=True)
    is_ok = models.BooleanField(_("已收到"))
    fault = models.CharField(_("原因"), max_length=300, blank=True)
    fault_values = models.JSONField(_("原因中的内容"), null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("推送记录")
        verbose_name_plural = _("推送记录")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.number} → {self.hook}"

    @property
    def why(self) -> str:
        """``fault`` as a sentence for who reads it; one of before is as it was written down."""
        return worded(self.fault, self.fault_values)
