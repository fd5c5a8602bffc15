"""Writes the day's notices about due dates and sends the e-mails that are waiting; run it daily."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from selfchecks.services import notices


class Command(BaseCommand):
    help = "发出今天的到期提醒,并寄出等待中的邮件。每天运行一次;重复运行不会重复提醒。"

    def handle(self, *args: Any, **options: Any) -> None:
        posted = len(notices.tell_of_due_dates())
        sent = notices.deliver() if notices.mail_is_configured() else 0
        self.stdout.write(
            _("新提醒 %(posted)s 条,寄出邮件 %(sent)s 封。") % {"posted": posted, "sent": sent}
        )
        if not notices.mail_is_configured():
            self.stdout.write(_("没有设置 EMAIL_URL:提醒只在门户里显示。"))
