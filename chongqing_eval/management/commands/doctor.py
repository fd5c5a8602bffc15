"""Looks the installation over and says in plain words what is well and what is not."""

from typing import Any

from django.core import checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from chongqing_eval.installation import IDS, INSTALLATION

MARKS = {checks.INFO: "✓", checks.WARNING: "!", checks.ERROR: "✗"}


class Command(BaseCommand):
    help = (
        "逐项检查安装:数据库、迁移、参考数据、审计链、文件目录、密钥、域名、邮件、账号。"
        "✓ 正常,! 需要留意,✗ 必须处理。没有 ✗ 时退出码 0,否则 1。"
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        findings = checks.run_checks(
            tags=[INSTALLATION], include_deployment_checks=True, databases=[DEFAULT_DB_ALIAS]
        )
        for finding in sorted(findings, key=lambda finding: IDS.index(finding.id or "")):
            self.stdout.write(f"{MARKS[finding.level]} {finding.msg}")
        if bad := sum(finding.level == checks.ERROR for finding in findings):
            raise CommandError(_("有 %s 项必须处理。") % bad)
        self.stdout.write(_("没有必须处理的问题。"))
