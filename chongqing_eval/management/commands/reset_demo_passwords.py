"""Gives all demonstration accounts new passwords and prints them once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from districts.services import demo

from .load_demo import show_accounts


class Command(BaseCommand):
    help = (
        "给所有演示账号换新的随机密码并打印一次(设了 DEMO_PASSWORD 且 DEBUG=1 时都用它)。"
        "正式账号不受影响。没有演示账号时退出码 1。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = demo.reset_passwords(password=settings.DEMO_PASSWORD, by=None)
        if not accounts:
            raise CommandError(_("没有演示账号；可运行 load_demo 载入。"))
        show_accounts(accounts, write=self.stdout.write)
