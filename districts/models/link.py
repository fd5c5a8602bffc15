"""Links by which people give their own accounts a password, each good for one use."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import ScopedQuerySet

from .user import User


class AccountLinkQuerySet(ScopedQuerySet):
    def usable_at(self, moment: datetime) -> Self:
        return self._open_at(moment).filter(asked_by="")

    def asked_for_at(self, moment: datetime) -> Self:
        """Those that wait for another keeper to agree."""
        return self._open_at(moment).exclude(asked_by="")

    def _open_at(self, moment: datetime) -> Self:
        return self.filter(expires_at__gt=moment, ended_at=None, user__is_active=True)

    def end_those_of(self, user: User) -> None:
        self.filter(user=user, ended_at=None).update(ended_at=timezone.now())


class AccountLink(Sealed):
    """One link (一次性链接), until it is used, replaced or too old; only its fingerprint is kept.

    With ``mail_to`` it goes there and nobody else sees it: the letter is made when it leaves.
    ``origin`` is the portal's address as the keeper reached it. ``asked_by`` names the keeper who
    asked for it as long as another has to agree: until then nobody knows it, and it opens nothing.
    """

    scope = "user__district"
    is_of_accounts = True
    unsealed = {"mailed_at": "says whether the letter left; what it leads to stands in digest"}

    user = models.ForeignKey(User, models.CASCADE, related_name="links", verbose_name=_("账号"))
    digest = models.CharField(_("指纹"), max_length=64, unique=True)
    mail_to = models.EmailField(_("寄往"), blank=True)
    origin = models.CharField(_("门户地址"), max_length=200, blank=True)
    asked_by = models.CharField(
        _("待同意，办理人"), max_length=60, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("建立时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    mailed_at = models.DateTimeField(_("寄出时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("用过或作废时间"), null=True, blank=True)

    objects = AccountLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("一次性链接")
        verbose_name_plural = pgettext_lazy("plural", "一次性链接")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("user",), condition=Q(ended_at=None), name="link_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="link_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"
