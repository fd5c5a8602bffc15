"""Issues an API token from the command line and prints it once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.models import District, User
from districts.models.user import SCOPES
from districts.services.people import LONGEST_DAYS, create_token
from districts.wording import day_text


class Command(BaseCommand):
    help = (
        "为一个接口账号(或演示账号)发放接口令牌,只打印这一次,请马上交给使用者保存。"
        "其他人的令牌由本人登录后在「我的令牌」里建立。"
        "成功退出码 0;账号、区县、权限范围或天数不能用时退出码 2。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="账号名")
        parser.add_argument(
            "--scope",
            default="read",
            help=f"权限范围,用英文逗号隔开,默认 read;可用的有 {', '.join(SCOPES)}",
        )
        parser.add_argument("--district", help="只限一个区县,写它的代码,如 500106")
        parser.add_argument(
            "--days", type=int, default=30, help=f"有效天数,1 到 {LONGEST_DAYS},默认 30"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name, code = options["user"], options["district"]
        people = User.objects.filter(username=name, is_active=True)
        user = _only(people, _("没有名为「%s」的启用账号。"), name)
        units = District.objects.filter(code=code)
        district = _only(units, _("没有代码为「%s」的区县。"), code) if code else None
        scopes = [scope.strip() for scope in options["scope"].split(",") if scope.strip()]
        try:
            token, text = create_token(
                user=user, scopes=scopes, by=_issuer(user), district=district, days=options["days"]
            )
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(text)
        self.stderr.write(
            _("令牌属于 %(user)s，权限范围 %(scopes)s，到 %(day)s为止；它不会再次显示。")
            % {
                "user": token.user.username,
                "scopes": ", ".join(token.scopes),
                "day": day_text(timezone.localdate(token.expires_at)),
            }
        )


def _issuer(user: User) -> User | None:
    """Demonstration accounts are nobody's: whoever tries the portal acts as each of them."""
    return user if user.is_demo and settings.DEBUG else None


def _only(rows: QuerySet[Any], sentence: str, name: str) -> Any:
    row = rows.first()
    if row is None:
        raise CommandError(sentence % name, returncode=2)
    return row
