"""Makes new keys and encrypts stored files and secrets with them; broken off, it goes on later."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from chongqing_eval.services.keys import Resealed, make_keys, remove_unused, reseal_everything
from crypto.here import said
from crypto.keys import KeyTrouble
from crypto.signers import SignerTrouble


class Command(BaseCommand):
    help = (
        "在 KEY_FOLDER 里生成新的密钥,再用它重新加密上传的文件和动态口令(以前没有加密的也加密)。"
        "门户可以一直开着。中断了用 --resume 接着做。旧密钥留着,直到 --remove-unused。"
        "有文件没有处理时退出码 1。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--resume", action="store_true", help="不生成新的,只用最新的密钥加密")
        parser.add_argument(
            "--remove-unused",
            action="store_true",
            help="做完以后删去已经没有文件用的旧密钥(旧的备份还要用它:先另抄一份)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.rotate(**options)
        except KeyTrouble as trouble:
            raise CommandError(_("密钥不能用：%s。请看 KEY_FOLDER。") % said(trouble)) from trouble
        except SignerTrouble as trouble:
            raise CommandError(_("签名密钥没有生成：%s。") % trouble) from trouble

    def rotate(self, *, resume: bool, remove_unused: bool, **options: Any) -> None:
        if not resume:
            for use, key in make_keys(by=None).items():
                self.stdout.write(_("新的密钥：%(key)s（%(use)s）") % {"key": key, "use": use})
        done = self.told()
        if remove_unused and not done.left:
            self.remove()
        if done.left:
            raise CommandError(_("有 %s 个文件没有重新加密。") % len(done.left))

    def told(self) -> Resealed:
        """Does it, and says how far it is where somebody looks on."""
        done = Resealed()
        for done in reseal_everything(by=None):
            if self.stdout.isatty():
                self.stdout.write(f"\r{done.files}", ending="")
        facts = {"secrets": done.secrets, "files": done.files}
        self.stdout.write(_("重新加密：动态口令 %(secrets)s 个，文件 %(files)s 个。") % facts)
        for left in done.left:
            self.stdout.write(_("没有重新加密，因为打不开或与上传时不同：%s") % left)
        return done

    def remove(self) -> None:
        for key in remove_unused(by=None):
            self.stdout.write(_("删去了不再使用的密钥：%s") % key)
