"""Loads demonstration data, labelled as such: accounts, registers and years of self-checks."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import District, User
from districts.services import demo
from districts.wording import listed
from improvement.services import demo as improvement
from improvement.services import (
    demo_feedback,
    demo_ledger,
    demo_practices,
    demo_scenarios,
    demo_school_plans,
    demo_visits,
)
from papers.services import demo as papers
from schedule.models import CertificationEvent, Result
from schedule.services import demo_outcome
from selfchecks.demo import UNOPENED
from selfchecks.services import demo as selfchecks

MOST_YEARS, MOST_SCHOOLS = 10, 400
RESET = "DEBUG=1 .venv/bin/python manage.py reset_demo_passwords"


def whole_number(most: int) -> Any:
    """An argument type: a whole number from 1 to ``most``."""

    def parse(text: str) -> int:
        number = int(text)
        if not 1 <= number <= most:
            raise ValueError(text)
        return number

    parse.__name__ = _("1 到 %s 的整数") % most
    return parse


def certified_since() -> dict[str, int]:
    """The year of the list on which each unit was certified: nothing made up contradicts it."""
    rows = CertificationEvent.objects.filter(result=Result.CERTIFIED).order_by("-date")
    return {
        code: min(day.year, list_year or day.year)
        for code, day, list_year in rows.values_list("district__code", "date", "list_year")
    }


def show_accounts(new: Sequence[User], *, write: Callable[[str], object]) -> None:
    if settings.DEMO_PASSWORD:
        count = demo.existing_demo_accounts()
        write(_("%s 个演示账号的密码都是 DEMO_PASSWORD 所设的值。") % count)
    elif new:
        write(_("演示账号（随机密码只显示这一次，请记下要用的）："))
        for user in new:
            place = user.district.name if user.district else _("市级")
            named = f"{place} {user.get_role_display()} {user.display_name}"
            write(f"  {user.username:<18} {user.new_password}  {named}")
    elif demo.existing_demo_accounts():
        write(_("演示账号已存在，密码不再显示；忘记时运行：%s") % RESET)


class Command(BaseCommand):
    help = (
        "载入演示数据:演示账号、各区县的学校名册和几年的自查,处处标明「演示」。"
        "自查走真实的流程:上传、审签、复核。可重复运行,已有的不改动。"
        "只在试用环境(DEBUG=1)里能用,否则退出码 2。"
        "新账号的随机密码只打印这一次;设了 DEMO_PASSWORD 且 DEBUG=1 时都用它。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="同一个数得到同样的数据")
        parser.add_argument(
            "--years", type=whole_number(MOST_YEARS), default=3, help="几年的自查,到今年为止"
        )
        parser.add_argument(
            "--districts", nargs="+", metavar="CODE", help="只载入这些区县,例如 500106 500151"
        )
        parser.add_argument(
            "--schools", type=whole_number(MOST_SCHOOLS), help="每个区县多少所学校;不写则随机"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_TRIAL:
            sentence = _(
                "演示数据只能载入试用环境（DEBUG=1）：审计记录只增不减，进去了就拿不出来。"
            )
            raise CommandError(sentence, returncode=2)
        districts = self.chosen(options["districts"])
        self.load_accounts(districts, options["seed"])
        self.load_registers(districts, options)
        if manager := self.manager():
            demo_outcome.break_promise(districts=districts, by=manager)
        self.load_self_checks(districts, options)
        self.load_plans(districts)
        self.load_voices(options["years"])
        if manager := self.manager():
            papers.load(by=manager)
            demo.load_hook(by=manager)

    def chosen(self, codes: list[str] | None) -> list[District]:
        districts = District.objects.order_by("code")
        if not districts.exists():
            raise CommandError(_("还没有区县；请先运行 load_reference。"))
        if codes is None:
            return list(districts)
        found = list(districts.filter(code__in=codes))
        unknown = sorted(set(codes) - {district.code for district in found})
        if unknown:
            raise CommandError(_("没有代码为「%s」的区县。") % listed(unknown))
        return found

    def load_accounts(self, districts: list[District], seed: int) -> None:
        password = settings.DEMO_PASSWORD
        new = demo.load_accounts(districts=districts, seed=seed, password=password, by=None)
        if password:
            demo.share_password(password=password, by=None)
        show_accounts(new, write=self.stdout.write)

    def load_registers(self, districts: list[District], options: dict[str, Any]) -> None:
        habits = {"seed": options["seed"], "years": options["years"], "size": options["schools"]}
        added = 0
        for number, district in enumerate(districts, start=1):
            added += demo.load_register(district=district, by=None, **habits)
            self.show_progress(_("学校名册"), number, len(districts))
        if added:
            self.stdout.write(_("演示学校已载入，新增 %s 所。") % added)

    def load_self_checks(self, districts: list[District], options: dict[str, Any]) -> None:
        """Year after year, because each looks back at the one before."""
        manager = self.manager()
        years = selfchecks.years_until(timezone.localdate(), options["years"]) if manager else []
        played, certified = 0, certified_since()
        for year in years:
            opened = [each for each in districts if each.code != UNOPENED or year < years[-1]]
            ready = selfchecks.open_demo_year(year=year, districts=opened, by=manager)
            for number, self_check in enumerate(ready, start=1):
                place, is_closed = districts.index(self_check.district), year < years[-1]
                acts = selfchecks.play(
                    self_check=self_check,
                    seed=options["seed"],
                    place=place,
                    is_closed=is_closed,
                    is_sound=year >= certified.get(self_check.district.code, year + 1),
                )
                played += acts > 0
                self.show_progress(_("%s 年度自查") % year, number, len(ready))
        if played:
            self.stdout.write(_("演示自查已载入，新增 %s 份。") % played)

    def manager(self) -> Any:
        return User.objects.filter(username="manager", is_demo=True, is_active=True).first()

    def load_plans(self, districts: list[District]) -> None:
        (year,) = selfchecks.years_until(timezone.localdate(), 1)
        priced = improvement.enter_prices(districts=districts, year=year, by=None)
        if priced:
            self.stdout.write(_("演示单价已载入，新增 %s 个区县。") % priced)
        if made := improvement.make_plans(year=year, by=None):
            self.stdout.write(_("演示增配方案已载入，新增 %s 个。") % made)
        if begun := demo_school_plans.make_school_plans(year=year, by=None):
            self.stdout.write(_("演示一校一策已载入，新增 %s 份。") % begun)
        if thought := demo_scenarios.make_scenarios(year=year, by=None):
            self.stdout.write(_("演示假设方案已载入，新增 %s 个。") % thought)
        manager = self.manager()
        if manager and (followed := demo_outcome.load(districts=districts, by=manager)):
            self.stdout.write(_("演示奖补、督促和回头看已载入，新增 %s 条。") % followed)
        if walked := demo_visits.make_visits(districts=districts, by=None):
            self.stdout.write(_("演示实地查看已载入，新增 %s 次。") % walked)

    def load_voices(self, count: int) -> None:
        years = selfchecks.years_until(timezone.localdate(), count)
        if told := demo_practices.write_practices(years=years, by=None):
            self.stdout.write(_("演示典型经验已载入，新增 %s 条。") % told)
        if codes := demo_feedback.write_messages(by=None):
            self.stdout.write(_("演示公众反映已载入，查询码：%s") % listed(codes))
        if worked := demo_ledger.work_off(by=None):
            self.stdout.write(_("演示问题台账已办理 %s 个。") % worked)

    def show_progress(self, what: str, number: int, total: int) -> None:
        if self.stdout.isatty():
            ending = "\n" if number == total else "\r"
            self.stdout.write(f"{what} {number}/{total}", ending=ending)
            self.stdout.flush()
