"""What the portal tells a person, on its pages and, when configured, by e-mail."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.scope import PersonalQuerySet

from .self_check import OPTIONAL, part_of_self_check, person


class EmailState(models.TextChoices):
    NONE = "none", _("不发邮件")
    PENDING = "pending", _("待发")
    SENT = "sent", _("已发")
    FAILED = "failed", _("发送失败")


class NoticeQuerySet(PersonalQuerySet):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """A message to one person (通知). ``dedup_key`` keeps the same message from coming twice.

    The row is written with what it tells of; the e-mail is sent from it afterwards.
    """

    scope, owner = "recipient__district", "recipient"

    recipient = person(_("收件人"), related_name="notices")
    self_check = part_of_self_check("notices", **OPTIONAL)
    kind = models.CharField(_("类型"), max_length=30)
    params = models.JSONField(_("内容"), default=dict)
    dedup_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(_("时间"), db_index=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    email_state = models.CharField(
        _("邮件"), max_length=8, choices=EmailState.choices, default=EmailState.NONE, db_index=True
    )
    email_attempts = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    email_after = models.DateTimeField(_("下次发送不早于"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("邮件发出时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = pgettext_lazy("plural", "通知")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.recipient} {self.kind}"
