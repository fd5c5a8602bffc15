"""Computes every stored evaluation again and says whether each came out the same, bit for bit."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from selfchecks.models import Evaluation
from selfchecks.services.evaluations import replay_all

EVERY = 20


class Command(BaseCommand):
    help = (
        "用保存的输入和规则重新测算每一份已报送的结果,逐字节比较。\n"
        "退出码:0 全部一致,1 有不一致的。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        total, different = Evaluation.objects.count(), 0
        for number, replayed in enumerate(replay_all(), 1):
            if not replayed.is_same:
                different += 1
                self.stderr.write(
                    _("不一致：%(what)s 第 %(number)s 份（%(where)s）")
                    % {
                        "what": replayed.evaluation.self_check.reference,
                        "number": replayed.evaluation.number,
                        "where": replayed.problem,
                    }
                )
            if number % EVERY == 0 and self.stdout.isatty():
                self.stdout.write(f"{number}/{total}", ending="\r")
        if different:
            self.stderr.write(
                _("共 %(total)s 份，%(different)s 份不一致。请停止使用并核对程序版本。")
                % {"total": total, "different": different}
            )
            sys.exit(1)
        self.stdout.write(_("共 %s 份测算结果，重新测算全部一致。") % total)
