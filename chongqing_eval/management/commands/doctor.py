"""Looks the installation over and says in plain words what is well and what is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chongqing_eval.doctor import Level, examine

MARKS = {Level.GOOD: "✓", Level.NOTE: "!", Level.BAD: "✗"}


class Command(BaseCommand):
    help = (
        "逐项检查安装:数据库、迁移、参考数据、审计链、文件目录、密钥、域名、邮件、账号。"
        "✓ 正常,! 需要留意,✗ 必须处理。没有 ✗ 时退出码 0,否则 1。"
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for finding in examine():
            self.stdout.write(f"{MARKS[finding.level]} {finding.sentence}")
            bad += finding.level == Level.BAD
        if bad:
            raise CommandError(_("有 %s 项必须处理。") % bad)
        self.stdout.write(_("没有必须处理的问题。"))
