"""Writes a backup: all rows, all uploaded files, and the end of the audit chain."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chongqing_eval.services.backup import digest, write_archive


class Command(BaseCommand):
    help = (
        "把数据库的全部数据和上传的文件写进一个备份文件,并打印行数、SHA-256 和审计链末端。"
        "文件含账号和密码的散列,请妥善保管。写不进时退出码 1。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", type=Path, help="备份文件;不写则放在 var/backups/")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["output"] or self.usual_place()
        if path.exists():
            raise CommandError(_("文件 %s 已存在;请换一个名字。") % path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            manifest = write_archive(path=path)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise CommandError(_("备份没有写成:%s。") % error.strerror) from error
        for name, count in manifest.rows.items():
            self.stdout.write(f"{count:>8}  {name}")
        self.stdout.write(_("上传的文件:%s 个") % (len(manifest.sha256) - 1))
        self.stdout.write(_("审计链末端:%s") % manifest.anchor)
        with path.open("rb") as file:
            self.stdout.write(f"SHA-256  {digest(file)}  {path}")

    @staticmethod
    def usual_place() -> Path:
        moment = timezone.localtime().strftime("%Y%m%d-%H%M%S")
        return settings.BASE_DIR / "var" / "backups" / f"portal-{moment}.zip"
