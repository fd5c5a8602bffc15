"""Writes a backup: all rows, all uploaded files, and the end of the audit chain."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import Conflict
from chongqing_eval.services.backup import digest, note_archive, write_archive


class Command(BaseCommand):
    help = (
        "把数据库的全部数据和上传的文件写进一个备份文件,并打印行数、SHA-256 和审计链末端。"
        "文件含账号和密码的散列,请妥善保管。"
        "写不进,或保存的文件与上传时不同时,退出码 1,不留下备份文件。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", type=Path, help="备份文件;不写则放在 var/backups/")

        parser.add_argument(
            "--with-damaged", action="store_true", help="有文件与上传时不同也备份,并在清单里写明"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["output"] or self.usual_place()
        if path.exists():
            raise CommandError(_("文件 %s 已存在；请换一个名字。") % path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            manifest = write_archive(path=path, with_damaged=options["with_damaged"])
        except Conflict as damaged:
            advice = _("没有备份。请先从以前的备份恢复这些文件，或加 --with-damaged 照样备份。")
            raise CommandError(f"{damaged}\n{advice}") from damaged
        except OSError as error:
            path.unlink(missing_ok=True)
            raise CommandError(_("备份没有写成：%s。") % error.strerror) from error
        for name, count in manifest.rows.items():
            self.stdout.write(f"{count:>8}  {name}")
        self.stdout.write(_("上传的文件：%s 个") % (len(manifest.sha256) - 1))
        if hasattr(default_storage, "probe"):
            self.stdout.write(_("文件在 S3 存储里，不在这个备份中；请用存储自己的备份。"))
        for name in manifest.damaged:
            self.stdout.write(_("与上传时不同：%s") % name)
        self.stdout.write(_("审计链末端：%s") % manifest.anchor)
        with path.open("rb") as file:
            sha256 = digest(file)
        note_archive(path=path, sha256=sha256, by=None)
        self.stdout.write(f"SHA-256  {sha256}  {path}")

    @staticmethod
    def usual_place() -> Path:
        moment = timezone.localtime().strftime("%Y%m%d-%H%M%S")
        return settings.BASE_DIR / "var" / "backups" / f"portal-{moment}.zip"
