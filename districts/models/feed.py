"""Secret addresses under which a calendar program reads an account's deadlines."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.scope import ScopedQuerySet

from .user import User


class DeadlineFeed(Sealed):
    """One address (期限日历), until the account ends it; only its fingerprint is kept."""

    scope = "user__district"

    user = models.ForeignKey(User, models.CASCADE, related_name="feeds", verbose_name=_("账号"))
    digest = models.CharField(_("指纹"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("建立时间"))
    ended_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限日历")
        verbose_name_plural = _("期限日历")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("user",), condition=Q(ended_at=None), name="feed_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="feed_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"
