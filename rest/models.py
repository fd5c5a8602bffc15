"""What was answered to a request that may be sent again."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IdempotencyRecord(models.Model):
    """The answer to one POST, kept for a day under the key its sender chose.

    ``status`` is empty while the first request is under way.
    """

    account = models.CharField(_("账号"), max_length=80)
    key = models.CharField(_("幂等键"), max_length=255)
    fingerprint = models.CharField(_("内容指纹"), max_length=64)
    started_at = models.DateTimeField(_("开始时间"), db_index=True)
    status = models.PositiveSmallIntegerField(_("状态码"), null=True, blank=True)
    headers = models.JSONField(_("应答头"), default=dict, blank=True)
    body = models.TextField(_("应答内容"), blank=True)

    class Meta:
        verbose_name = _("幂等记录")
        verbose_name_plural = pgettext_lazy("plural", "幂等记录")
        constraints = [
            models.UniqueConstraint(fields=("account", "key"), name="idempotency_once_per_account")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.key}"
