"""Opens an account administrator: in place of Django's command, which knows no roles."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.roles import Role
from districts.scope import ACCOUNTS
from districts.services import links, people


class Command(BaseCommand):
    help = (
        "建立一个系统管理员账号并打印一次性链接:本人在三天内打开它,自己设定密码。"
        "其他账号由系统管理员在门户里建立。成功退出码 0;账号名不能用时退出码 2。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True, help="账号名")
        parser.add_argument("--display-name", required=True, help="姓名")
        parser.add_argument("--email", default="", help="邮箱")

    def handle(self, *args: Any, **options: Any) -> None:
        told = {name: options[name] for name in ("username", "display_name", "email")}
        try:
            _user, secret = people.create_user(role=Role.KEEPER, reach=ACCOUNTS, by=None, **told)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        tell(self, secret)


def tell(command: BaseCommand, secret: str) -> None:
    """The link on one line, what to do with it on another."""
    command.stdout.write(links.path_of(secret))
    command.stderr.write(
        _("请在浏览器里打开门户的地址加上这一段，自己设定密码；只能用一次，三天内有效。")
    )
