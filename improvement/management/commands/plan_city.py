"""Makes one kind of plan for every unit of the city and prints what came of it, a line each."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.models import User
from improvement.planner.plan import UNASKING
from improvement.services.city import Line, make_all
from selfchecks.services.demo import years_until

COLUMNS = (
    *("code", "scenario", "status", "cost", "certified_bound", "solver_bound", "gap"),
    *("seconds", "refusal"),
)


class Command(BaseCommand):
    help = (
        "为全市各区县的一个年度制作增配方案,每个区县一行:费用、下界、差距、秒数(处理器时间)。"
        "中断后再运行,已有的不重做。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER", help="以哪个市级管理员的名义")
        parser.add_argument("--year", type=int, help="年度;不写则是最近的")
        parser.add_argument("--kind", choices=UNASKING, default="cheapest", help="方案种类")
        parser.add_argument("--scenarios", action="store_true", help="也为各区县的假设方案制作")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(_("没有启用的账号 %s。") % options["by"])
        year = options["year"] or years_until(timezone.localdate(), 1)[0]
        try:
            asked = {"year": year, "kind": options["kind"], "scenarios": options["scenarios"]}
            self.show(make_all(by=by, **asked), options["json"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def show(self, lines: Any, as_json: bool) -> None:
        if as_json:
            found = [told_of(line) for line in lines]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        self.stdout.write("\t".join(COLUMNS))
        for line in lines:
            told = told_of(line)
            self.stdout.write("\t".join(str(told.get(name) or "") for name in COLUMNS))
            self.stdout.flush()


def told_of(line: Line) -> dict[str, Any]:
    """The figures of one unit; of a plan that failed, why."""
    told: dict[str, Any] = {"code": line.self_check.district.code, "status": "refused"}
    if line.scenario:
        told["scenario"] = line.scenario.name
    if line.plan is None:
        return {**told, "refusal": line.refusal}
    result = line.plan.result or {"status": line.plan.state}
    found = {name: result[name] for name in COLUMNS if name in result}
    seconds, refusal = (line.plan.progress.get(name) for name in ("seconds", "failure"))
    if refusal:  # its figures were looked at, and no plan can be made of them
        return {**told, "seconds": seconds, "refusal": refusal}
    return {**told, **found, "seconds": seconds}
