"""Writes the prefilled workbook of one unit and year to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.refusals import Refused
from selfchecks.models import SelfCheck
from selfchecks.services.workbooks import template_for, template_name


class Command(BaseCommand):
    help = (
        "生成一个区县某一年度的自查工作簿,已填好学校名册和上年数据。\n"
        "例:template 500106 2026 -o 沙坪坝区.xlsx。退出码:0 已生成,2 不能生成。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="区县代码,例如 500106")
        parser.add_argument("year", type=int, help="年度,例如 2026")
        parser.add_argument("-o", "--output", help="写到哪个文件;不写则用区县名和年度命名")

    def handle(self, *args: Any, **options: Any) -> None:
        self_check = (
            SelfCheck.objects.select_related("district", "standard")
            .filter(district__code=options["code"], year=options["year"])
            .first()
        )
        if self_check is None:
            raise CommandError(
                _("没有代码为 %(code)s 的区县 %(year)s 年度的自查；请先开启。")
                % {"code": options["code"], "year": options["year"]},
                returncode=2,
            )
        path = Path(options["output"] or template_name(self_check))
        try:
            path.write_bytes(template_for(self_check))
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        except OSError as error:
            path.unlink(missing_ok=True)
            raise CommandError(
                _("不能写入 %(path)s：%(why)s") % {"path": path, "why": error.strerror},
                returncode=2,
            ) from error
        self.stdout.write(_("已生成 %s") % path)
