"""Brings the database up to date, loads what belongs in it and hands over to the web server."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, CheckMessage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.workers import STARTED_BY
from chongqing_eval.checks import keys, statements
from chongqing_eval.checks_outside import shared_cache

HOUR = 3600
CARRIERS = 96  # threads of a process that carry bytes; how many of them work says the door
IDLE = 16  # connections a proxy may keep open; a process with more leaves them to the others
PATIENCE = "-c statement_timeout=60s -c lock_timeout=20s"  # of PostgreSQL with one statement
# No query string, which may name people; the request's id leads to the other lines of the log.
ACCESS = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms %({x-request-id}o)s'
DEMO_YEARS = 2  # enough for comparisons with last year; the first start stays short


def collect_static() -> None:
    """One at a time: two that start from one tree would take each other's files away."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with settings.STATIC_ROOT.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        call_command("collectstatic", interactive=False, verbosity=0)


class Command(BaseCommand):
    help = "迁移数据库、载入参考数据(试用时还有演示数据),然后在本机开始服务;按 Ctrl-C 停止。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--no-demo", action="store_true", help="不载入演示数据")
        parser.add_argument(
            "--no-periodic", action="store_true", help="不在旁边做定期工作(由系统的定时器来做)"
        )
        parser.add_argument(
            "--no-work", action="store_true", help="不在旁边做长时计算(由别处的 work 来做)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_without(shared_cache)
        self.refuse_without(keys)
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("load_reference", stdout=self.stdout)
        if settings.DEBUG and not options["no_demo"]:
            call_command("load_demo", years=DEMO_YEARS, stdout=self.stdout)
        self.refuse_without(statements)
        if not settings.DEBUG:
            collect_static()
        self.print_addresses(options["port"])
        connection.close()
        if not options["no_periodic"]:
            self.start_beside("periodic", f"--every={HOUR}")
        if not options["no_work"]:
            self.start_beside("work", "--attached")
        self.become_web_server(options["port"], options["workers"])

    @staticmethod
    def start_beside(*command: str) -> None:
        """It ends by itself when the web server, which takes this process over, has ended; that
        may be before it could ask who started it."""
        us = {STARTED_BY: str(os.getpid())}
        subprocess.Popen([sys.executable, sys.argv[0], *command], env={**os.environ, **us})

    @staticmethod
    def refuse_without(examine: Callable[[], CheckMessage]) -> None:
        found = examine()
        if found.level == ERROR:
            raise CommandError(found.msg)

    def print_addresses(self, port: int) -> None:
        """Where people find it: by https a proxy in front, else at this very place."""
        place = f"{settings.BIND}:{port}"
        origin = f"http://{place}" if settings.DEBUG else f"https://{settings.ALLOWED_HOSTS[0]}"
        self.stdout.write(_("门户:  %s") % (origin + reverse("home")))
        self.stdout.write(_("管理:  %s") % (origin + reverse("admin:index")))
        self.stdout.write(_("登录:  %s") % (origin + reverse("login")))
        self.stdout.write(_("接口:  %s/api/v1/docs/") % origin)
        if not settings.DEBUG:
            self.stdout.write(_("本进程在 %s 等 nginx 转来的请求，自己不加密。") % place)
            self.stdout.write(_("直接用 http 打开的页面都会转到 https，见 docs/operate.md。"))
        self.stdout.write(_("按 Ctrl-C 停止。"))

    def become_web_server(self, port: int, workers: int) -> None:
        """The same process goes on as gunicorn, so that signals reach it directly."""
        self.stdout.flush()
        command = [sys.executable, "-m", "gunicorn", "chongqing_eval.wsgi"]
        command += [f"--bind={settings.BIND}:{port}", f"--workers={workers}", "--timeout=60"]
        command += [f"--threads={CARRIERS}", f"--worker-connections={CARRIERS + IDLE}"]
        command += ["--keep-alive=15", "--log-level=warning"]
        if not settings.DEBUG:
            command += ["--access-logfile=-", f"--access-logformat={ACCESS}"]
        os.execve(sys.executable, command, {"PGOPTIONS": PATIENCE, **os.environ})
