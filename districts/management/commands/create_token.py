"""Issues an API token from the command line and prints it once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.models import District, User
from districts.models.token import SCOPES
from districts.services.people import LONGEST_DAYS, create_token


class Command(BaseCommand):
    help = (
        "为一个账号发放接口令牌,只打印这一次,请马上交给使用者保存。"
        "成功退出码 0;账号、区县、权限范围或天数不能用时退出码 2。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="账号名,如 officer_500106")
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
        scopes = [scope.strip() for scope in options["scope"].split(",") if scope.strip()]
        try:
            token, text = create_token(
                user=self._user(options["user"]),
                scopes=scopes,
                by=None,
                district=self._district(options["district"]),
                days=options["days"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(text)
        self.stderr.write(
            _("令牌属于 %(user)s,权限范围 %(scopes)s,到 %(day)s 为止;它不会再次显示。")
            % {
                "user": token.user.username,
                "scopes": ", ".join(token.scopes),
                "day": timezone.localdate(token.expires_at).isoformat(),
            }
        )

    @staticmethod
    def _user(username: str) -> User:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("没有名为「%s」的启用账号。") % username, returncode=2)
        return user

    @staticmethod
    def _district(code: str | None) -> District | None:
        if not code:
            return None
        district = District.objects.filter(code=code).first()
        if district is None:
            raise CommandError(_("没有代码为「%s」的区县。") % code, returncode=2)
        return district
