"""Does what was queued (plans, documents, letters), one after another, until it is ended."""

import os
import signal
import time
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.workers import starter, work


class Command(BaseCommand):
    help = (
        "做排队的后台工作(增配方案、批量公文、寄信),一个接一个;按 Ctrl-C 停止,正在做的做完再停。"
        "可以在几台机器上各起一个;中途被杀的不留半成品,一分钟内由别的接着做。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="做完排队的就退出")
        parser.add_argument("--attached", action="store_true", help="启动它的程序结束时一起结束")

    def handle(self, *args: Any, once: bool, attached: bool, **options: Any) -> None:
        if attached:
            Thread(target=end_with, args=(starter(),), daemon=True).start()
        work(once=once)


def end_with(parent: int) -> None:
    """Asks this process to end as soon as whoever started it has ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
