"""Loads demonstration data, labelled as such: accounts and school registers of every unit."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from chongqing_eval import demo_accounts
from districts.models import District
from districts.services import demo

MOST_YEARS, MOST_SCHOOLS = 10, 400


def whole_number(most: int) -> Any:
    """An argument type: a whole number from 1 to ``most``."""

    def parse(text: str) -> int:
        number = int(text)
        if not 1 <= number <= most:
            raise ValueError(text)
        return number

    parse.__name__ = _("1 到 %s 的整数") % most
    return parse


class Command(BaseCommand):
    help = (
        "载入演示数据:演示账号和各区县的学校名册,处处标明「演示」。可重复运行,已有的不改动。"
        "新账号的随机密码只打印这一次;设了 DEMO_PASSWORD 且 DEBUG=1 时都用它。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="同一个数得到同样的数据")
        parser.add_argument(
            "--years", type=whole_number(MOST_YEARS), default=3, help="数据往前追溯几年"
        )
        parser.add_argument(
            "--districts", nargs="+", metavar="CODE", help="只载入这些区县,例如 500106 500151"
        )
        parser.add_argument(
            "--schools", type=whole_number(MOST_SCHOOLS), help="每个区县多少所学校;不写则随机"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        districts = self.chosen(options["districts"])
        self.load_accounts(districts, options["seed"])
        self.load_registers(districts, options)

    def chosen(self, codes: list[str] | None) -> list[District]:
        districts = District.objects.order_by("code")
        if not districts.exists():
            raise CommandError(_("还没有区县;请先运行 load_reference。"))
        if codes is None:
            return list(districts)
        found = list(districts.filter(code__in=codes))
        unknown = sorted(set(codes) - {district.code for district in found})
        if unknown:
            raise CommandError(_("没有代码为「%s」的区县。") % "、".join(unknown))
        return found

    def load_accounts(self, districts: list[District], seed: int) -> None:
        password = settings.DEMO_PASSWORD
        new = demo.load_accounts(districts=districts, seed=seed, password=password, by=None)
        if password:
            demo.share_password(password=password, by=None)
        demo_accounts.show(new, write=self.stdout.write)

    def load_registers(self, districts: list[District], options: dict[str, Any]) -> None:
        added = 0
        for number, district in enumerate(districts, start=1):
            added += demo.load_register(
                district=district,
                seed=options["seed"],
                years=options["years"],
                size=options["schools"],
                by=None,
            )
            self.show_progress(number, len(districts))
        if added:
            self.stdout.write(_("演示学校已载入,新增 %s 所。") % added)

    def show_progress(self, number: int, total: int) -> None:
        if self.stdout.isatty():
            ending = "\n" if number == total else "\r"
            self.stdout.write(f"{_('学校名册')} {number}/{total}", ending=ending)
            self.stdout.flush()
