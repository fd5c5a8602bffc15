"""Keeps what the operator says to everybody from a folder of texts, before the portal is opened."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.wording import listed
from schedule.models import Statement, Subject
from schedule.services.statements import say_what_is_new

CHINESE, ENGLISH = ".txt", ".en.txt"
NAMES = {subject + end for subject in Subject.values for end in (CHINESE, ENGLISH)}


class Command(BaseCommand):
    help = (
        "从一个文件夹读门户说明,与现在显示的不同的成为新的一版。文件是 UTF-8 文本:"
        + "、".join(f"{subject}{CHINESE}({subject.label})" for subject in Subject)
        + f";英文写在 {Subject.CONTACT}{ENGLISH} 这样的文件里,可以没有。"
        "都已填写退出码 0;还有没填写的退出码 1;文件不能用时什么都不保存,退出码 2。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="放这些文件的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            said = say_what_is_new(texts=_texts(options["folder"]), by=None)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        for row in said:
            facts = {"page": row.get_subject_display(), "number": row.number}
            self.stdout.write(_("%(page)s：已保存第 %(number)s 版。") % facts)
        if not said:
            self.stdout.write(_("没有改动。"))
        if missing := Statement.objects.missing():
            raise CommandError(_("还没有填写：%s。") % listed(missing))


def _texts(folder: Path) -> dict[str, tuple[str, str]]:
    if not folder.is_dir():
        raise CommandError(_("没有文件夹 %s。") % folder, returncode=2)
    found = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    if strange := sorted(found - NAMES):
        sentence = _("%(folder)s 里有不认识的文件 %(file)s；文件名应是 %(known)s 之一。")
        facts = {"folder": folder, "file": strange[0], "known": listed(sorted(NAMES))}
        raise CommandError(sentence % facts, returncode=2)
    texts = {}
    for subject in sorted({name.partition(".")[0] for name in found}):
        chinese, english = folder / (subject + CHINESE), folder / (subject + ENGLISH)
        texts[subject] = (_read(chinese), _read(english))
        if not texts[subject][0].strip():
            sentence = _("%s 没有内容；请在里面写下要让大家看到的话。")
            raise CommandError(sentence % chinese, returncode=2)
    return texts


def _read(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        sentence = _("%s 不是能读的 UTF-8 文本；请另存为 UTF-8 后再运行。")
        raise CommandError(sentence % path, returncode=2) from error
