"""Checks the whole audit chain; run it daily and keep the printed anchor somewhere else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit import services
from audit.models import ChainHead, Entry


class Command(BaseCommand):
    help = (
        "检查审计链是否完整。完整时打印末端序号与指纹(请抄存于系统之外),退出码 0;被改动时退出码 1。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", help="以前抄存的「序号:指纹」,用来证明那之前的记录未被整体重写"
        )

    def handle(self, *args: Any, anchor: str | None = None, **options: Any) -> None:
        broken = services.verify()
        if broken:
            raise CommandError(
                _("审计链在第 %(number)s 条断开(%(what)s)。请停止写入并从备份核对。")
                % {"number": broken.number, "what": self.reasons()[broken.what]}
            )
        if anchor:
            self.compare(anchor)
        head = ChainHead.objects.filter(pk=1).first()
        if not head:
            self.stdout.write(_("审计链为空。"))
            return
        self.stdout.write(
            _("审计链完整,共 %(number)s 条。末端 %(number)s:%(hash)s")
            % {"number": head.number, "hash": head.hash}
        )

    def compare(self, anchor: str) -> None:
        number, _colon, fingerprint = anchor.partition(":")
        if not number.isdigit() or not fingerprint:
            raise CommandError(_("--anchor 应写成「序号:指纹」,例如 120:9f2c…。"))
        if not Entry.objects.filter(number=int(number), hash=fingerprint).exists():
            raise CommandError(_("第 %s 条与抄存的指纹不符:链条曾被整体重写。") % number)

    @staticmethod
    def reasons() -> dict[str, str]:
        return {
            "missing": _("缺少这一条"),
            "relinked": _("与上一条接不上"),
            "changed": _("内容被改动"),
            "names": _("以前记录里固定下来的名称被改动"),
            "head": _("末尾的记录被删除"),
        }
