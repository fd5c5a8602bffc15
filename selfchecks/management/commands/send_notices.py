"""Writes the day's notices about due dates and sends the e-mails that are waiting; run it daily."""

from typing import Any

from django.core.management.base import BaseCommand

from selfchecks.services import notices


class Command(BaseCommand):
    help = "发出今天的到期提醒,并寄出等待中的邮件。每天运行一次;重复运行不会重复提醒。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(notices.TOLD) % notices.tell_and_deliver())
