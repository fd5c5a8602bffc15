"""Lets an account set a new password: in place of Django's command, where somebody types it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.models import User
from districts.services import people

from .createsuperuser import tell


class Command(BaseCommand):
    help = (
        "重设一个账号的密码并打印一次性链接:本人在三天内打开它,自己设定新密码;原来的密码和登录随即作废。"
        "成功退出码 0;没有这个账号或它已停用时退出码 2。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="账号名")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            sentence = _("没有名为「%s」的账号。") % options["username"]
            raise CommandError(sentence, returncode=2)
        try:
            tell(self, people.reset_password(user=user, by=None))
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
