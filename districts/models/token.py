"""API tokens: only a hash is kept, the text is shown once."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.scope import ScopedQuerySet

from .district import District
from .user import User

SCOPES = {
    "read": _("读取"),
    "write:selfcheck": _("报送自查"),
    "write:schools": _("维护学校"),
    "write:plan": _("调整规划与录入认定"),
    "write:improvement": _("维护整改"),
}


class ApiTokenQuerySet(ScopedQuerySet):
    def usable_at(self, moment: datetime) -> Self:
        return self.filter(expires_at__gt=moment, revoked_at__isnull=True, user__is_active=True)


class ApiToken(models.Model):
    """A bearer token of an account (接口令牌).

    ``district`` narrows it to one unit; without it the token reaches as far as its account,
    never further.
    """

    scope = "user__district"

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("账号"))
    prefix = models.CharField(_("开头"), max_length=12)
    digest = models.CharField(_("指纹"), max_length=64, unique=True)
    scopes = models.JSONField(_("权限范围"), default=list)
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("限于区县"),
    )
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()
    text = ""  # known only to the request that made it

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="token_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"
