"""Does the long work that was queued (plans of additions), one after another, until it is ended."""

import os
import signal
import time
from threading import Thread
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = (
        "做排队的长时计算(增配方案),一个接一个;按 Ctrl-C 停止,正在算的算完再停。"
        "中途被杀的计算不留半成品,可以重新开始。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="做完排队的就退出")
        parser.add_argument("--attached", action="store_true", help="启动它的程序结束时一起结束")

    def handle(self, *args: Any, once: bool, attached: bool, **options: Any) -> None:
        if attached:
            Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
        call_command("db_worker", batch=once, reload=False, startup_delay=False, verbosity=0)


def end_with(parent: int) -> None:
    """Asks this process to end as soon as whoever started it has ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
