"""Loads the reference data of the product: units, standard, plan, steps, certifications."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from audit.verification import seal_rows_of_before
from districts.services.reference import load_districts
from indicators.services.loading import load_standard_2017, load_standard_2017_1
from schedule.services.reference import load_schedule
from selfchecks.services.documents import load_evidence_rules


class Command(BaseCommand):
    help = (
        "载入 41 个单位、2017 年标准和它的更正、2022 年规划、各年认定环节和已公布的认定结果。"
        "可重复运行:已有的不改动。"
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if sealed := seal_rows_of_before():
            self.stdout.write(_("以前的 %s 行数据已封存。") % sealed)
        added = load_districts() + load_standard_2017() + load_standard_2017_1()
        added += load_evidence_rules() + load_schedule()
        if added:
            self.stdout.write(_("参考数据已载入，新增 %s 条。") % added)
        else:
            self.stdout.write(_("参考数据已是最新，没有改动。"))
