"""Takes place, time and device out of pictures that were kept before new ones came without."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from selfchecks.services.cleaning import clean_pictures


class Command(BaseCommand):
    help = "去掉以前保存的照片里拍摄的位置、时间和设备；每张写入审计记录，重复运行不会重做。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = clean_pictures()
        self.stdout.write(_("清理了 %s 张照片。") % found.cleaned)
        for name in found.left:
            self.stderr.write(_("没有改动：%s。文件损坏，或者旁边已有同一张照片。") % name)
