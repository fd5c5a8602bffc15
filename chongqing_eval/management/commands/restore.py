"""Puts a backup back and prints what proves it: rows, files, SHA-256 and the audit chain."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.refusals import Refused
from chongqing_eval.services.backup import digest, restore


class Command(BaseCommand):
    help = (
        "用备份文件恢复一个空的门户:先核对每个文件的 SHA-256,再核对行数和审计链,有一处不符就"
        "什么都不改。恢复成功退出码 0,否则 1。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="backup 写的文件")
        parser.add_argument(
            "--force", action="store_true", help="先清空现有的全部数据(不能撤销,请先备份)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        try:
            with options["file"].open("rb") as file:
                checksum = digest(file)
                manifest = restore(file=file, by=None, force=options["force"])
        except FileNotFoundError as error:
            raise CommandError(_("没有文件 %s。") % options["file"]) from error
        except OSError as error:
            raise CommandError(_("文件读不出：%s。") % error.strerror) from error
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"SHA-256  {checksum}")
        for name, count in manifest.rows.items():
            self.stdout.write(f"{count:>8}  {name}")
        self.stdout.write(_("上传的文件：%s 个，SHA-256 全部相符") % (len(manifest.sha256) - 1))
        self.stdout.write(_("审计链完整，末端与备份相同：%s") % manifest.anchor)
