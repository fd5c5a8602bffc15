"""Does what is due: notices, checks, sweeping; run it every hour, it knows what the day has had."""

import os
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from audit.periodic import run_due
from audit.workers import starter


class Command(BaseCommand):
    help = (
        "做到期的定期工作:提醒和邮件、核对审计链和文件、抄存末端、清理无主文件。每小时运行一次,"
        "重复运行不会重做当天已做的。退出码:0 全部成功或没有到期的,1 有失败的(下次再试)。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="不退出,每隔这么多秒再做一次;启动它的程序结束时一起结束",
        )

    def handle(self, *args: Any, every: int | None = None, **options: Any) -> None:
        parent = starter()
        failed = self.once()
        while every:
            connection.close()
            if not wait(every, parent):
                return
            self.once()
        if failed:
            sys.exit(1)

    def once(self) -> int:
        """Returns how many jobs failed."""
        failed = 0
        for job, done in run_due():
            failed += not done.is_ok
            out, word = (self.stdout, _("完成")) if done.is_ok else (self.stderr, _("失败"))
            out.write(f"[{word}] {job.title}:{job.told(done)}")
        return failed


def wait(seconds: int, parent: int) -> bool:
    """Sleep; False as soon as whoever started this process has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and os.getppid() == parent:
        time.sleep(1)
    return os.getppid() == parent
