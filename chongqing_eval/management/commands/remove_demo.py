"""Takes demonstration data out of a portal and says what stays in the record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.refusals import Refused
from chongqing_eval.services import demonstration


class Command(BaseCommand):
    help = (
        "删除全部演示数据:演示账号、演示学校、演示自查,以及只属于它们的一切。"
        "演示数据上有真实的数据时什么也不删,说明是哪些,退出码 1。"
        "审计记录不删:它只增不减,说明当时做过什么;保存的文件由 periodic 清理。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = demonstration.remove(by=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for name, count in sorted(taken.rows.items()):
            self.stdout.write(f"{count:>8}  {name}")
        if not taken.rows:
            self.stdout.write(_("没有演示数据。"))
            return
        sentence = _(
            "审计记录 %s 条都留着，其中的演示内容拿不出来："
            "链断了，就没有人能再证明其余的没有被改过。"
            "要一个没有演示记录的门户，请另建一个空的数据库。"
        )
        self.stdout.write(sentence % taken.entries)
        self.stdout.write(_("各年度的填报期限也留着；保存的演示文件由 periodic 在一小时以后清理。"))
