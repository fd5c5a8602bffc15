"""The second factor of an account: the secret its authenticator app knows, and recovery codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import ScopedQuerySet

from .user import User


class SecondFactor(Sealed):
    """A secret for codes by RFC 6238 and what is left of the recovery codes, hashed."""

    scope = "user__district"
    is_of_accounts = True
    unsealed = {"last_step": "written at every sign-in, and it can only refuse a code"}

    user = models.OneToOneField(
        User, models.CASCADE, related_name="second_factor", verbose_name=_("账号")
    )
    # Base32, as apps read it; sealed where the installation has keys.
    secret = models.CharField(_("密钥"), max_length=200)
    codes = models.JSONField(_("恢复码"), default=list)
    # The 30 seconds whose code was used last: no code is taken twice.
    last_step = models.PositiveBigIntegerField(_("最近使用"), default=0)
    created_at = models.DateTimeField(_("建立时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("动态口令")
        verbose_name_plural = pgettext_lazy("plural", "动态口令")
        ordering = ("user",)

    def __str__(self) -> str:
        return str(self.user)
