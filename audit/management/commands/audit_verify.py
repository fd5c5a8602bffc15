"""Checks the audit chain, every sealed row and every stored file; run it daily and keep the printed
anchor somewhere else."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from audit import services
from audit.apps import INTACT
from audit.failing import Failure
from audit.models import ChainHead, Entry
from audit.reasons import fault_of_required
from audit.verification import (
    CHANGED,
    FILE,
    GONE,
    NO_FILE,
    NO_KEY,
    OF_FILES,
    UNRECORDED,
    Difference,
    accept,
    differences_of_rows,
    is_before_seals,
)
from audit.words import action_name

ANCHOR = re.compile("([0-9]{1,18})[:：]([0-9a-f]{64})")


class Command(BaseCommand):
    help = (
        "检查审计链是否完整,逐行核对封存的数据,逐个核对保存的文件。完整时打印末端序号与指纹"
        "(请抄存于系统之外),退出码 0;有改动时逐处列出,退出码 1。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", help="以前抄存的「序号:指纹」,用来证明那之前的记录未被整体重写"
        )
        parser.add_argument(
            "--anchors", type=Path, help="抄存末端的文件(periodic 每天写一行),逐行核对"
        )
        parser.add_argument(
            "--accept",
            metavar="原因",
            help="逐处核对、确认现在的数据正确之后,写明原因和核对人,重新封存列出的各行;文件除外",
        )

    def handle(self, *args: Any, accept: str | None = None, **options: Any) -> None:
        self.check_chain()
        for anchor in self.anchors(options["anchor"], options["anchors"]):
            self.compare(anchor)
        found = list(self.listed(differences_of_rows()))
        if accept is not None:
            found = self.accept(found, accept)
        if found:
            sentence = N_(
                "有 %s 处与审计记录不符。请停止写入，从备份核对；确属正当改动的，用 --accept 封存。"
            )
            raise Failure(sentence, len(found))
        ChainHead.objects.filter(pk=1).update(verified_at=timezone.now())
        self.print_end()

    def anchors(self, anchor: str | None, file: Path | None) -> list[str]:
        """As told, and the last word of each line of the file."""
        try:
            lines = file.read_text(encoding="utf-8").splitlines() if file else []
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(N_("不能读取抄存末端的文件 %s。"), str(file)) from error
        return [*filter(None, [anchor]), *(line.split()[-1] for line in lines if line.strip())]

    def check_chain(self) -> None:
        broken = services.verify()
        if broken:
            raise Failure(
                N_("审计链在第 %(number)s 条断开（%(what)s）。请停止写入并从备份核对。"),
                {"number": broken.number, "what": self.reasons()[broken.what]},
            )
        if is_before_seals():
            raise Failure(N_("以前的数据还没有封存；请先运行 load_reference。"))

    def listed(self, found: Iterable[Difference]) -> Iterable[Difference]:
        for difference in found:
            self.stderr.write(f"{difference}:{self.told(difference)}")
            yield difference

    def told(self, difference: Difference) -> str:
        """What is wrong, where it can be told in which columns, and which entry says otherwise."""
        words = self.whats()[difference.what]
        if difference.columns:
            fields = {f.attname: f.verbose_name for f in difference.model._meta.concrete_fields}
            columns = ", ".join(str(fields[name]) for name in difference.columns)
            words = _("%(what)s(%(columns)s)") % {"what": words, "columns": columns}
        if entry := difference.entry:
            words += _("；最近一次由第 %(number)s 条审计记录（%(action)s）写下") % {
                "number": entry.number,
                "action": action_name(entry.action),
            }
        return words

    def accept(self, found: list[Difference], reason: str) -> list[Difference]:
        """Seal the rows; what is left are the files."""
        if fault := fault_of_required(reason, _("请写明核对的经过和核对人。")):
            raise CommandError(str(fault))
        self.stdout.write(_("已按现在的数据封存 %s 行。") % accept(found=found, reason=reason))
        return [difference for difference in found if difference.what in OF_FILES]

    def print_end(self) -> None:
        head = ChainHead.objects.filter(pk=1).first()
        if not head:
            self.stdout.write(_("审计链为空。"))
            return
        self.stdout.write(str(INTACT) % {"number": head.number, "hash": head.hash})

    def compare(self, anchor: str) -> None:
        found = ANCHOR.fullmatch(anchor.strip().lower())
        if not found:
            sentence = N_("--anchor 应写成「序号：指纹」，指纹 64 位、一位不少；读到的是「%s」。")
            raise Failure(sentence, anchor[:100])
        number, fingerprint = found.groups()
        if not Entry.objects.filter(number=number, hash=fingerprint).exists():
            sentence = N_(
                "第 %s 条与抄存的指纹不符。请先核对有没有抄错；没有抄错，就是链条曾被整体重写："
                "请停止写入，从备份核对。"
            )
            raise Failure(sentence, number)

    @staticmethod
    def reasons() -> dict[str, str]:
        return {
            "missing": N_("缺少这一条"),
            "relinked": N_("与上一条接不上"),
            "changed": N_("内容被改动"),
            "names": N_("以前记录里固定下来的名称被改动"),
            "head": N_("末尾的记录被删除"),
            "signature": N_("签名不符，或验签的公钥不在 KEY_FOLDER 里"),
            "key": N_("封存它的密钥不在 AUDIT_KEYS 里"),
        }

    @staticmethod
    def whats() -> dict[str, str]:
        return {
            CHANGED: _("内容被改动"),
            GONE: _("这一行被删除"),
            UNRECORDED: _("没有任何审计记录写下这一行"),
            FILE: _("文件的内容被改动"),
            NO_FILE: _("文件不见了"),
            NO_KEY: _("没有打开文件的密钥"),
        }
